import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { VmcpOptions } from '../../../src/contract/vmcps.ts';
import { checkField, selectField, textField } from '../../shared/fields.ts';
import { own } from '../../shared/own.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';

/** How the vMCP behaves. */
export function options(context: EditorContext): TemplateResult {
  const { model, edits } = context;
  const { options: chosen } = edits.form;
  const set = (change: Partial<VmcpOptions>) =>
    model.edit((form) => ({ ...form, options: { ...form.options, ...change } }));
  return html`<section class="options" aria-labelledby="options">
    <h2 id="options">${l10n.t('Options')}</h2>
    ${selectField({
      id: 'tool_names',
      label: l10n.t('Names of tools'),
      value: chosen.tool_names,
      problem: problemAt(context, 'options.tool_names'),
      choices: [
        {
          value: 'prefixed',
          label: l10n.t("server_tool: with the server's name in front"),
        },
        {
          value: 'plain',
          label: l10n.t('tool: in front only where two servers contest a name'),
        },
      ],
      onChange: (value) => set({ tool_names: value === 'plain' ? 'plain' : 'prefixed' }),
    })}
    ${selectField({
      id: 'tool_changes',
      label: l10n.t('When a tool of a server changes, or is new'),
      value: chosen.tool_changes ?? 'notice',
      problem: problemAt(context, 'options.tool_changes'),
      choices: [
        { value: 'notice', label: l10n.t('tell me, and offer it') },
        { value: 'review', label: l10n.t('hold it back until I accept it') },
      ],
      onChange: (value) => set({ tool_changes: value === 'review' ? 'review' : 'notice' }),
    })}
    ${selectField({
      id: 'questions',
      label: l10n.t('When a server asks something during a call'),
      value: chosen.questions ?? 'editor',
      problem: problemAt(context, 'options.questions'),
      choices: [
        { value: 'editor', label: l10n.t('the client answers, or VS Code where that cannot') },
        { value: 'client', label: l10n.t('only the client that called answers') },
        { value: 'refuse', label: l10n.t('nobody answers') },
      ],
      onChange: (value) =>
        set({ questions: value === 'client' || value === 'refuse' ? value : 'editor' }),
    })}
    ${largestResult(context)}
    ${checkField({
      label: l10n.t("Pass the servers' own instructions on"),
      hint: l10n.t('After the system prompt, each under the name of its server.'),
      checked: chosen.server_instructions,
      onChange: (on) => set({ server_instructions: on }),
    })}
    ${checkField({
      label: l10n.t('Resolve references in what clients send'),
      hint: l10n.t(
        '@config.name and the like in arguments of calls are replaced. Coding agents send source code in arguments: leave it off for them.',
      ),
      checked: chosen.substitute_arguments,
      onChange: (on) => set({ substitute_arguments: on }),
    })}
  </section>`;
}

/** Nothing typed: results of every size pass. */
function largestResult(context: EditorContext): TemplateResult {
  const { model, edits } = context;
  const path = 'options.max_result_bytes';
  const typed = own(edits.texts, path);
  const onInput = (text: string) => {
    if (!/^\d*$/.test(text.trim())) return model.setText(path, text);
    const bytes = Number(text);
    model.setText(path, undefined);
    model.edit(({ options: { max_result_bytes: _, ...others }, ...form }) => ({
      ...form,
      options: bytes > 0 ? { ...others, max_result_bytes: bytes } : others,
    }));
  };
  return textField({
    id: 'max_result_bytes',
    label: l10n.t('Largest result of a tool, in bytes'),
    hint: l10n.t(
      'Of a larger one clients get the beginning, and a link to the rest. Empty: no limit.',
    ),
    value: typed ?? String(edits.form.options.max_result_bytes ?? ''),
    problem:
      typed === undefined ? problemAt(context, path) : l10n.t('Enter a whole number, or nothing'),
    onInput,
  });
}
