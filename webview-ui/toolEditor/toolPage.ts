import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { banner } from '../shared/banner.ts';
import { iconButton } from '../shared/iconButton.ts';
import { linkBanner } from '../shared/linkBanner.ts';
import { loading } from '../shared/loading.ts';
import { tryView } from '../shared/tryOut/tryView.ts';
import type { WindowLink } from '../shared/windowLink.ts';
import type { FormFields } from './formFields.ts';
import { httpSections } from './httpRequest.ts';
import { stepsSection } from './steps.ts';
import { variablesSection } from './variables.ts';

/** The whole page. */
export function toolPage(form: FormFields, link: WindowLink): TemplateResult {
  const { model } = form;
  const isWritten =
    model.kind === 'python' || model.kind === 'prompt' || model.kind === 'own prompt';
  const trying = html`<section class="stack" aria-labelledby="try">
    <h2 id="try">${l10n.t('Try it')}</h2>
    ${tryView(model.trying, form.ids)}
  </section>`;
  return html`<main class="page stack">
    ${header(form, isWritten)} ${linkBanner(model.linkStatus, link)} ${troubles(form)}
    ${
      model.edits === undefined
        ? model.removed
          ? nothing
          : loading()
        : html`${isWritten ? trying : nothing} ${general(form)}
        ${model.kind === 'http' ? httpSections(form) : nothing}
        ${model.kind === 'composite' ? stepsSection(form) : nothing} ${variablesSection(form)}
        ${isWritten ? nothing : trying}`
    }
    <div class="unseen" role="status">${model.saves === 0 ? '' : l10n.t('Saved')}</div>
  </main>`;
}

function header({ model }: FormFields, isWritten: boolean): TemplateResult {
  const canSave = model.dirty && !model.saving && !model.unreadable && model.conflicts.length === 0;
  return html`<header class="top stack">
    <div class="row">
      <h1 class="grow">${model.context.name}</h1>
      ${iconButton({ icon: 'edit', label: l10n.t('Rename'), run: () => model.ask('rename') })}
      ${iconButton({
        icon: isWritten ? 'code' : 'json',
        label: isWritten ? l10n.t('Open the text') : l10n.t('Open as JSON'),
        run: () => model.ask('openText'),
      })}
    </div>
    <div class="row">
      <span class="muted grow">${kindText(model.kind)}</span>
      <vscode-button
        id="save"
        ?disabled=${!canSave}
        @click=${() => void model.save()}
        >${model.saving ? l10n.t('Saving…') : l10n.t('Save')}</vscode-button
      >
      <vscode-button id="discard" secondary ?disabled=${!model.dirty} @click=${() => model.discard()}
        >${l10n.t('Discard')}</vscode-button
      >
    </div>
  </header>`;
}

function troubles({ model }: FormFields): TemplateResult {
  const { failure, conflicts, removed, edits } = model;
  const keep = (which: 'mine' | 'theirs') => () => model.resolve(which);
  return html`
    ${
      removed
        ? banner({
            severity: 'warning',
            what: l10n.t('It was deleted or renamed elsewhere. What you typed stays here.'),
          })
        : nothing
    }
    ${
      failure && !removed
        ? banner({ severity: 'error', what: failure.error, where: failure.detail })
        : nothing
    }
    ${
      conflicts.length === 0
        ? nothing
        : banner({
            severity: 'warning',
            what: l10n.t('Somebody else changed the same meanwhile.'),
            where: conflicts.join(', '),
            next: [
              { label: l10n.t('Keep mine'), run: keep('mine') },
              { label: l10n.t('Take theirs'), run: keep('theirs') },
            ],
          })
    }
    ${
      edits?.lostSecret
        ? banner({
            severity: 'warning',
            what: l10n.t(
              'The credentials that were typed are not kept over a reload: enter them again.',
            ),
          })
        : nothing
    }
    ${model.otherProblems.map((problem) => banner({ severity: 'warning', what: problem }))}
  `;
}

function general(form: FormFields): TemplateResult {
  const isTool = form.model.context.item === 'tool';
  return html`<section class="stack" aria-labelledby="general">
    <h2 id="general">${l10n.t('What clients are told')}</h2>
    ${form.text(['title'], l10n.t('Title'), { optional: true })}
    ${form.lines(['description'], l10n.t('Description'), {
      hint: l10n.t('Models choose tools by it.'),
    })}
    ${
      isTool
        ? html`${form.words(
            ['keywords'],
            l10n.t('Keywords'),
            l10n.t('Told after the description, with commas between them'),
          )}
        ${form.check(['enabled'], l10n.t('Enabled'), l10n.t('Otherwise no client sees it.'))}`
        : nothing
    }
    ${
      form.model.kind === 'python'
        ? form.text(['media_type'], l10n.t('Type of bytes'), {
            hint: l10n.t('MIME type of a result of type bytes, like image/png'),
            optional: true,
          })
        : nothing
    }
  </section>`;
}

function kindText(kind: string): string {
  switch (kind) {
    case 'python':
      return l10n.t('Python tool');
    case 'http':
      return l10n.t('HTTP tool');
    case 'prompt':
      return l10n.t('Prompt tool');
    case 'composite':
      return l10n.t('Composite tool');
    default:
      return l10n.t('Prompt');
  }
}
