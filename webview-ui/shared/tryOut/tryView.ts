import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import { isJsonObject, type JsonValue } from '../../../src/contract/json.ts';
import { banner } from '../banner.ts';
import type { FieldIds } from '../fieldIds.ts';
import { problemLine } from '../fields.ts';
import { valueInput } from '../valueInput.ts';
import { contentView, jsonView } from './contentView.ts';
import type { TryModel, TryOutcome, TryState } from './tryModel.ts';

/** The form of the arguments, the button that runs it, and what came of it. */
export function tryView(model: TryModel, ids: FieldIds): TemplateResult {
  const running = model.state.at === 'running';
  return html`<form
    class="stack try"
    @submit=${(event: Event) => {
      event.preventDefault();
      void model.run();
    }}
  >
    ${
      model.arguments.length === 0
        ? html`<p class="muted">${l10n.t('It takes no arguments.')}</p>`
        : model.arguments.map((argument) => argumentInput(model, ids, argument))
    }
    <div class="row">
      <vscode-button
        id="run"
        ?disabled=${running}
        @click=${() => void model.run()}
      ><span class="codicon codicon-play" aria-hidden="true"></span> ${l10n.t('Run')}</vscode-button>
      ${
        running
          ? html`<vscode-button id="cancel" secondary @click=${() => model.cancel()}
              >${l10n.t('Cancel')}</vscode-button
            >
            <vscode-progress-ring aria-hidden="true"></vscode-progress-ring>`
          : nothing
      }
    </div>
    <section class="stack" aria-live="polite" aria-label=${l10n.t('Result')}>
      ${stateView(model.state)}
    </section>
  </form>`;
}

function argumentInput(
  model: TryModel,
  ids: FieldIds,
  { name, schema, required }: TryModel['arguments'][number],
): TemplateResult {
  const isMissing = model.asked && model.problem(name) === 'missing';
  const about = descriptionOf(schema);
  return html`<div>
    ${valueInput({
      id: ids.of(`try ${name}`),
      label: required ? l10n.t('{0} (required)', name) : name,
      schema,
      optional: !required,
      value: model.value(name) ?? defaultOf(schema),
      text: model.text(name),
      onValue: (value) => model.setValue(name, value === '' && !required ? undefined : value),
      onText: (text) => model.setText(name, text),
    })}
    ${about === '' ? nothing : html`<div class="muted">${about}</div>`}
    ${problemLine(isMissing ? l10n.t('A value is needed') : undefined)}
  </div>`;
}

function stateView(state: TryState): TemplateResult | typeof nothing {
  switch (state.at) {
    case 'idle':
      return nothing;
    case 'running':
      return html`<p>${l10n.t('Running…')}</p>`;
    case 'cancelled':
      return html`<p>${l10n.t('Cancelled.')}</p>`;
    case 'failed': {
      const { error, detail } = state.failure;
      return banner({ severity: 'error', what: error, where: detail });
    }
    case 'done':
      return outcomeView(state.outcome, state.ms);
  }
}

function outcomeView(
  { blocks, structured, isError, printed, request }: TryOutcome,
  ms: number,
): TemplateResult {
  const took = l10n.t('{0} ms', ms < 10 ? ms.toFixed(1) : Math.round(ms));
  return html`
    <div class="row ${isError ? 'wrong' : ''}">
      <span class="codicon codicon-${isError ? 'error' : 'pass'}" aria-hidden="true"></span>
      <strong>${isError ? l10n.t('The tool reports an error') : l10n.t('Result')}</strong>
      <span class="muted">${took}</span>
    </div>
    ${blocks.length === 0 ? html`<p class="muted">${l10n.t('Nothing came back.')}</p>` : nothing}
    ${blocks.map(
      ({ role, block }) =>
        html`${role === undefined ? nothing : html`<div class="name">${role}</div>`}
        ${contentView(block)}`,
    )}
    ${part(l10n.t('Structured content'), structured)}
    ${
      printed === undefined || printed === ''
        ? nothing
        : html`<h3>${l10n.t('Printed')}</h3>
          <pre class="output" tabindex="0">${printed}</pre>`
    }
    ${part(l10n.t('Request'), request)}
  `;
}

function part(title: string, value: JsonValue | undefined): TemplateResult | typeof nothing {
  if (value === undefined) return nothing;
  return html`<h3>${title}</h3>
    ${jsonView(value)}`;
}

function descriptionOf(schema: JsonValue | undefined): string {
  const said = isJsonObject(schema) ? schema.description : undefined;
  return typeof said === 'string' ? said : '';
}

function defaultOf(schema: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(schema) ? schema.default : undefined;
}
