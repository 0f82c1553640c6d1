import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { VmcpOptions } from '../../../src/contract/vmcps.ts';
import { checkField, selectField } from '../../shared/fields.ts';
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
