import type { SqlValue } from 'sql.js';
import type { Database } from './database.ts';
import { unpackTexts } from './logTexts.ts';

/** Where the searched values of a row's text begin and end; its keys and ids are not searched. */
const searched = [
  ['"client_name":', ',"vmcp_id":'],
  ['"target":', ',"mcp_server_id":'],
  ['"error":', ',"duration_ms":'],
  ['"arguments":', ',"active_config_snapshot":'],
] as const;

interface RowPlace {
  row: number;
  start: number;
  end: number;
}

/**
 * Finds text in rows. The rows found last are remembered, so that the next question with the same
 * text (a page, a live update) reads only what came since.
 */
export class LogSearch {
  #text = '';
  #found: number[] = [];
  #lastRow = 0;

  constructor(private readonly database: Database) {}

  /** @returns the numbers of the rows, ascending; some of them may be pruned meanwhile. */
  rowsWith(text: string): readonly number[] {
    const wanted = asSearched(JSON.stringify(text).slice(1, -1));
    if (wanted !== this.#text) {
      this.#text = wanted;
      this.#found = [];
      this.#lastRow = 0;
    }
    for (const [batch, rows] of this.#newBatches()) {
      const { texts } = this.database.first('SELECT texts FROM log_texts WHERE batch = ?', [batch]);
      this.#found.push(...rowsHolding(asSearched(unpackTexts(texts)), wanted, rows));
      this.#lastRow = rows.at(-1)?.row ?? this.#lastRow;
    }
    return this.#found;
  }

  /** Rows of which nothing is known yet, by their batches; in their order. */
  #newBatches(): Map<SqlValue, RowPlace[]> {
    const batches = new Map<SqlValue, RowPlace[]>();
    const rows = this.database.lists(
      'SELECT row, batch, start, length FROM logs WHERE row > ? ORDER BY row',
      [this.#lastRow],
    );
    for (const [row, batch = null, start, length] of rows) {
      const place = { row: Number(row), start: Number(start), end: Number(start) + Number(length) };
      const places = batches.get(batch);
      if (places) places.push(place);
      else batches.set(batch, [place]);
    }
    return batches;
  }
}

/** Bytes as characters, which is quick and keeps offsets, without regard to the case of A–Z. */
function asSearched(text: string | Buffer): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return bytes.toString('latin1').toLowerCase();
}

function rowsHolding(texts: string, wanted: string, rows: readonly RowPlace[]): number[] {
  const found: number[] = [];
  let at = texts.indexOf(wanted);
  for (const { row, start, end } of rows) {
    if (at === -1) break;
    if (at < start) at = texts.indexOf(wanted, start);
    if (at === -1 || at >= end) continue;
    if (holds(texts.slice(start, end), wanted)) found.push(row);
  }
  return found;
}

function holds(text: string, wanted: string): boolean {
  let from = 0;
  for (const [begin, finish] of searched) {
    const start = text.indexOf(begin, from);
    const isLast = finish === searched[3][1];
    const end = isLast ? text.lastIndexOf(finish) : text.indexOf(finish, start);
    if (start === -1 || end === -1) return false;
    const at = text.indexOf(wanted, start + begin.length);
    if (at !== -1 && at + wanted.length <= end) return true;
    from = end;
  }
  return false;
}
