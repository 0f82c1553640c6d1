import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ToolOverride } from '../../../src/contract/vmcps.ts';
import { checkField, problemLine } from '../../shared/fields.ts';
import { iconButton } from '../../shared/iconButton.ts';
import { own } from '../../shared/own.ts';
import type { CatalogPart } from '../catalogs.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';
import { overrideForm } from './overrideForm.ts';

export interface PartRow {
  serverId: string;
  part: CatalogPart;
  override: Readonly<Record<string, ToolOverride>>;
  ticked: boolean;
  onTick(on: boolean): void;
}

/** A tool, prompt or resource with its tick; a tool with its size and its overrides. */
export function partRow(context: EditorContext, row: PartRow): TemplateResult {
  const { view, model } = context;
  const { serverId, part, ticked } = row;
  const isTool = part.kind === 'tools';
  const override = isTool ? own(row.override, part.key) : undefined;
  const key = `${serverId}/${part.key}`;
  const open = isTool && view.editing.has(key);
  const refused = isTool
    ? problemAt(context, `servers.${serverId}.overrides.${part.key}`)
    : undefined;
  const problems = model.vmcp?.problems.filter(
    ({ server_id, tool, argument }) =>
      isTool && server_id === serverId && tool === part.key && argument === undefined,
  );
  return html`<li class="part">
    <div class="part-line">
      ${checkField({ label: part.label, checked: ticked, onChange: row.onTick })}
      ${override === undefined ? nothing : html`<span class="badge">${changes(override)}</span>`}
      <span class="muted about" title=${part.description}>${part.description}</span>
      ${
        part.tokens === undefined
          ? nothing
          : html`<span class="muted tokens">${l10n.t('{0} tokens', part.tokens)}</span>`
      }
      ${
        isTool
          ? iconButton({
              icon: 'edit',
              label: l10n.t('Change {0}', part.label),
              pressed: open,
              run: () => view.toggle('editing', key),
            })
          : nothing
      }
    </div>
    ${open ? nothing : problemLine(refused)}
    ${part.findings?.map(({ place, meaning, excerpt }) =>
      problemLine(l10n.t('Look at this: {0} {1}: {2}', place, meaning, excerpt)),
    )}
    ${problems?.map(({ message }) => problemLine(message))}
    ${open ? overrideForm(context, serverId, part, override ?? {}) : nothing}
  </li>`;
}

/** What an override does, in a few words. */
function changes(override: ToolOverride): string {
  const count = Object.keys(override.arguments ?? {}).length;
  const texts: string[] = [];
  if (override.name !== undefined) texts.push(l10n.t('as {0}', override.name));
  else if (override.title !== undefined || override.description !== undefined) {
    texts.push(l10n.t('described anew'));
  }
  if (count === 1) texts.push(l10n.t('1 argument changed'));
  if (count > 1) texts.push(l10n.t('{0} arguments changed', count));
  return texts.join(', ');
}
