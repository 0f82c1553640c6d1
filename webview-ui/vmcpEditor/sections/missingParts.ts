import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { partKinds } from '../../../src/contract/parts.ts';
import { iconButton } from '../../shared/iconButton.ts';
import { withMember } from '../../shared/own.ts';
import type { CatalogPart } from '../catalogs.ts';
import type { EditorContext } from '../editorContext.ts';
import type { ServerForm } from '../form.ts';
import { changeServer } from '../overrides.ts';

/** What the vMCP selects or overrides and the server no longer offers: shown, never silently dropped. */
export function missingParts(
  { model }: EditorContext,
  serverId: string,
  part: ServerForm,
  offered: readonly CatalogPart[],
): TemplateResult | typeof nothing {
  const present = new Set(offered.map(({ kind, key }) => `${kind} ${key}`));
  const missing = [
    ...partKinds.flatMap((kind) => {
      const selection = part[kind];
      return selection === 'all' ? [] : selection.map((key) => ({ kind, key }));
    }),
    ...Object.keys(part.overrides).map((key) => ({ kind: 'tools' as const, key })),
  ].filter(({ kind, key }) => !present.has(`${kind} ${key}`));
  const names = [...new Set(missing.map(({ key }) => key))];
  if (names.length === 0) return nothing;
  const drop = (name: string) => () =>
    model.edit((form) =>
      changeServer(form, serverId, (before) => ({
        tools: without(before.tools, name),
        prompts: without(before.prompts, name),
        resources: without(before.resources, name),
        overrides: withMember(before.overrides, name, undefined),
      })),
    );
  return html`<div class="part-group" role="group" aria-label=${l10n.t('No longer offered')}>
    <p class="warned">
      <span class="codicon codicon-warning" aria-hidden="true"></span>
      ${l10n.t('The server no longer offers these:')}
    </p>
    <ul class="parts">
      ${names.map(
        (name) => html`<li class="part part-line">
          <span class="grow">${name}</span>
          ${iconButton({ icon: 'close', label: l10n.t('Take {0} out', name), run: drop(name) })}
        </li>`,
      )}
    </ul>
  </div>`;
}

function without(selection: ServerForm['tools'], name: string): ServerForm['tools'] {
  return selection === 'all' ? 'all' : selection.filter((key) => key !== name);
}
