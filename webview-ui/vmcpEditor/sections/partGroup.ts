import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  changeSelection,
  countSelected,
  isSelected,
  type PartKind,
} from '../../../src/contract/parts.ts';
import { checkField } from '../../shared/fields.ts';
import type { CatalogPart } from '../catalogs.ts';
import type { EditorContext } from '../editorContext.ts';
import type { ServerForm } from '../form.ts';
import { changeServer } from '../overrides.ts';
import { partRow } from './partRow.ts';

export interface PartGroup {
  serverId: string;
  kind: PartKind;
  part: ServerForm;
  /** All of this kind that the server offers. */
  all: readonly CatalogPart[];
  /** Those that the search lets through. */
  shown: readonly CatalogPart[];
  searching: boolean;
}

/** The tools, the prompts or the resources of one server, with a tick for all of them. */
export function partGroup(
  context: EditorContext,
  group: PartGroup,
): TemplateResult | typeof nothing {
  const { serverId, kind, part, all, shown, searching } = group;
  if (shown.length === 0) return nothing;
  const selection = part[kind];
  const keys = all.map(({ key }) => key);
  const shownKeys = shown.map(({ key }) => key);
  const count = countSelected(selection, shownKeys);
  const tick = (ticked: readonly string[], on: boolean) =>
    context.model.edit((form) =>
      changeServer(form, serverId, (before) => {
        const ticks = new Map(ticked.map((key) => [key, on]));
        return { ...before, [kind]: changeSelection(before[kind], keys, ticks) };
      }),
    );
  return html`<div class="part-group" role="group" aria-label=${kindText(kind)}>
    ${checkField({
      label: searching ? l10n.t('{0} found', kindText(kind)) : kindText(kind),
      checked: count === shown.length,
      partly: count > 0 && count < shown.length,
      onChange: (on) => tick(shownKeys, on),
      ...(selection === 'all' && { hint: l10n.t('also those that the server adds later') }),
    })}
    <ul class="parts">
      ${repeat(
        shown,
        ({ key }) => key,
        (each) =>
          partRow(context, {
            serverId,
            part: each,
            override: part.overrides,
            ticked: isSelected(selection, each.key),
            onTick: (on) => tick([each.key], on),
          }),
      )}
    </ul>
  </div>`;
}

function kindText(kind: PartKind): string {
  switch (kind) {
    case 'tools':
      return l10n.t('Tools');
    case 'prompts':
      return l10n.t('Prompts');
    case 'resources':
      return l10n.t('Resources');
  }
}
