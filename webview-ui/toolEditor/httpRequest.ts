import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { JsonObject } from '../../src/contract/json.ts';
import type { FormFields } from './formFields.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

const at = (member: string) => ['api_config', member];

/** The request of an HTTP tool and what becomes of its answer. */
export function httpSections(form: FormFields): TemplateResult {
  const method = form.model.get(at('method'));
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return html`
    <section class="stack" aria-labelledby="request">
      <h2 id="request">${l10n.t('Request')}</h2>
      <div class="columns">
        ${form.choice(at('method'), l10n.t('Method'), asChoices(methods))}
        ${form.text(at('url'), l10n.t('Address'), {
          hint: l10n.t('{name} and @param.name put parameters in, encoded'),
          wide: true,
        })}
      </div>
      ${form.pairs(at('query_params'), l10n.t('Query'))}
      ${form.pairs(at('headers'), l10n.t('Headers'))}
      ${hasBody ? bodyFields(form) : nothing} ${authFields(form)}
    </section>
    <section class="stack" aria-labelledby="answer">
      <h2 id="answer">${l10n.t('Answer')}</h2>
      ${form.text(at('response_pointer'), l10n.t('Part of a JSON answer'), {
        hint: l10n.t('A JSON pointer, like /items/0'),
        optional: true,
      })}
      ${form.lines(at('response_template'), l10n.t('Or a text made of it'), {
        hint: l10n.t('{{name}} is a member of the answer'),
        optional: true,
      })}
      <div class="columns">
        ${form.number(at('timeout_s'), l10n.t('Time limit in seconds'))}
        ${form.number(at('max_response_bytes'), l10n.t('Largest answer in bytes'))}
      </div>
      ${form.check(
        at('allow_link_local'),
        l10n.t('May reach link-local addresses'),
        l10n.t('Metadata services of clouds give out credentials there.'),
      )}
    </section>
  `;
}

function bodyFields(form: FormFields): TemplateResult {
  const type = form.model.get(at('body_type'));
  return html`
    ${form.choice(at('body_type'), l10n.t('Body'), [
      { value: 'json', label: 'JSON' },
      { value: 'form', label: l10n.t('Form') },
      { value: 'multipart', label: l10n.t('Form with files (multipart)') },
      { value: 'text', label: l10n.t('Text') },
    ])}
    ${
      type === 'text'
        ? form.lines(at('body'), l10n.t('Text of the body'), { rows: 6, optional: true })
        : form.json(
            at('body'),
            l10n.t('Content of the body'),
            l10n.t('As JSON, with references in it'),
          )
    }
  `;
}

function authFields(form: FormFields): TemplateResult {
  const { model } = form;
  const type = model.get(['api_config', 'auth', 'type']);
  const member = (name: string) => ['api_config', 'auth', name];
  const begin = (next: string) =>
    model.set(['api_config', 'auth'], beginnings[next] ?? { type: 'none' });
  return html`
    ${form.choice(
      member('type'),
      l10n.t('Authorization'),
      [
        { value: 'none', label: l10n.t('None') },
        { value: 'bearer', label: l10n.t('Bearer token') },
        { value: 'api_key', label: l10n.t('API key') },
        { value: 'basic', label: l10n.t('User name and password') },
        { value: 'custom', label: l10n.t('Own headers') },
      ],
      begin,
    )}
    ${secretFields()}
  `;

  function secretFields(): TemplateResult | typeof nothing {
    const secret = { secret: true, hint: l10n.t('Kept encrypted; or @config.name') };
    switch (type) {
      case 'bearer':
        return form.text(member('token'), l10n.t('Token'), secret);
      case 'api_key':
        return html`${form.text(member('key'), l10n.t('Key'), secret)}
          <div class="columns">
            ${form.text(member('name'), l10n.t('Its name'))}
            ${form.choice(member('in'), l10n.t('Sent as'), [
              { value: 'header', label: l10n.t('Header') },
              { value: 'query', label: l10n.t('Query parameter') },
            ])}
          </div>`;
      case 'basic':
        return html`<div class="columns">
          ${form.text(member('username'), l10n.t('User name'))}
          ${form.text(member('password'), l10n.t('Password'), secret)}
        </div>`;
      case 'custom':
        return form.pairs(member('headers'), l10n.t('Headers with credentials'), { secret: true });
      default:
        return nothing;
    }
  }
}

const beginnings: Record<string, JsonObject> = {
  bearer: { type: 'bearer', token: '' },
  api_key: { type: 'api_key', key: '', name: 'X-API-Key', in: 'header' },
  basic: { type: 'basic', username: '', password: '' },
  custom: { type: 'custom', headers: {} },
};

function asChoices(values: readonly string[]) {
  return values.map((value) => ({ value, label: value }));
}
