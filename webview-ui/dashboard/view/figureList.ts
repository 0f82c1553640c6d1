import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Dashboard, ListName, ListState } from '../dashboard.ts';
import { formatCount, formatDuration } from '../format.ts';

export interface FigureRow {
  label: string;
  calls: number;
  errors: number;
  p50_ms: number | null;
  p95_ms: number | null;
  note?: string;
  isChosen: boolean;
  /** Narrows everything to this row, or ends that. */
  choose(): void;
}

export interface FigureList {
  name: ListName;
  title: string;
  /** Head of the first column. */
  what: string;
  /** One more column. */
  note?: { head: string; title: string };
  rows: readonly FigureRow[];
}

/** Rows that are shown before one asks for all. */
export const firstRows = 7;

/** A table of figures that can be sorted by each of them. */
export function figureList(dashboard: Dashboard, list: FigureList): TemplateResult {
  const state = dashboard.listState(list.name);
  const sorted = [...list.rows].sort(order(state.by));
  const shown = state.all ? sorted : sorted.slice(0, firstRows);
  const most = Math.max(1, ...list.rows.map(({ calls }) => calls));
  const head = (by: ListState['by'], text: string) => sortHead(dashboard, list.name, by, text);
  return html`<section class="list ${list.name}">
    <h2>${list.title}</h2>
    <table>
      <thead>
        <tr>
          ${head('name', list.what)} ${head('calls', l10n.t('Calls'))}
          ${head('errors', l10n.t('Failed'))} ${head('p50_ms', 'p50')} ${head('p95_ms', 'p95')}
          ${
            list.note
              ? html`<th scope="col" class="number" title=${list.note.title}>${list.note.head}</th>`
              : nothing
          }
        </tr>
      </thead>
      <tbody>
        ${shown.map((row) => figureRow(row, most, list.note !== undefined))}
      </tbody>
    </table>
    ${moreButton(dashboard, list.name, sorted.length)}
  </section>`;
}

/** Shows all of a list, or its beginning again. */
export function moreButton(
  dashboard: Dashboard,
  name: ListName,
  count: number,
): TemplateResult | typeof nothing {
  if (count <= firstRows) return nothing;
  const { all } = dashboard.listState(name);
  return html`<button
    type="button"
    class="link"
    aria-expanded=${all ? 'true' : 'false'}
    @click=${() => dashboard.arrange(name, { all: !all })}
  >
    ${all ? l10n.t('Show fewer') : l10n.t('Show all {0}', formatCount(count))}
  </button>`;
}

function figureRow(row: FigureRow, most: number, hasNote: boolean): TemplateResult {
  return html`<tr>
    <th scope="row">
      <button
        type="button"
        class="link name"
        aria-pressed=${row.isChosen ? 'true' : 'false'}
        title=${row.isChosen ? l10n.t('Show all again') : l10n.t('Show only {0}', row.label)}
        @click=${() => row.choose()}
      >
        ${row.label}
      </button>
      ${bar(row.calls / most)}
    </th>
    <td class="number">${formatCount(row.calls)}</td>
    <td class="number ${row.errors > 0 ? 'failed' : 'muted'}">
      ${row.errors > 0 ? html`<span class="codicon codicon-error" aria-hidden="true"></span>` : nothing}
      ${formatCount(row.errors)}
    </td>
    <td class="number half">${formatDuration(row.p50_ms)}</td>
    <td class="number">${formatDuration(row.p95_ms)}</td>
    ${hasNote ? html`<td class="number">${row.note}</td>` : nothing}
  </tr>`;
}

/** How much of the busiest row's calls this is; the number beside it says the same. */
function bar(share: number): TemplateResult {
  return html`<svg class="share" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect width=${String(Math.max(0.5, share * 100))} height="2"></rect>`}
  </svg>`;
}

function sortHead(
  dashboard: Dashboard,
  name: ListName,
  by: ListState['by'],
  text: string,
): TemplateResult {
  const isSorted = dashboard.listState(name).by === by;
  const direction = by === 'name' ? 'ascending' : 'descending';
  return html`<th
    scope="col"
    class=${headClass(by)}
    aria-sort=${isSorted ? direction : 'none'}
  >
    <button type="button" class="sort" @click=${() => dashboard.arrange(name, { by })}>
      ${text}
      ${
        isSorted
          ? html`<span
              class="codicon codicon-triangle-${by === 'name' ? 'up' : 'down'}"
              aria-hidden="true"
            ></span>`
          : nothing
      }
    </button>
  </th>`;
}

function headClass(by: ListState['by']): string {
  if (by === 'name') return '';
  return by === 'p50_ms' ? 'number half' : 'number';
}

/** Names from A on, figures from the largest on. */
function order(by: ListState['by']): (one: FigureRow, other: FigureRow) => number {
  if (by === 'name') return (one, other) => one.label.localeCompare(other.label);
  return (one, other) => (other[by] ?? -1) - (one[by] ?? -1);
}
