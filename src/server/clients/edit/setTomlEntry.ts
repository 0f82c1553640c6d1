import { parse, stringify } from 'smol-toml';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { eolOf } from './eolOf.ts';

/**
 * Sets one table of a TOML text, such as `[mcp_servers.name]`; every other line stays. A table that is
 * there is replaced with its sub-tables, a new one comes last.
 */
export function setTomlEntry(text: string, path: readonly string[], value: JsonObject): string {
  const eol = eolOf(text);
  const block = stringify(path.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), value))
    .trim()
    .split('\n')
    .join(eol);
  const lines = text.split(/(?<=\n)/);
  const range = tableRange(lines, path);
  if (range) {
    const [from, to] = range;
    const ending = /\r?\n$/.exec(lines[to - 1] ?? '')?.[0] ?? '';
    return lines.slice(0, from).join('') + block + ending + lines.slice(to).join('');
  }
  if (text.trim() === '') return `${text}${block}${eol}`;
  return `${text}${text.endsWith('\n') ? '' : eol}${eol}${block}${eol}`;
}

/** The lines of a table and of the tables below it, without the comments that follow. */
function tableRange(
  lines: readonly string[],
  path: readonly string[],
): [number, number] | undefined {
  const headers = tableHeaders(lines);
  const first = headers.findIndex(({ keys }) => startsWith(keys, path));
  const start = headers[first];
  if (!start) return undefined;
  const next = headers.slice(first).find(({ keys }) => !startsWith(keys, path));
  let end = next?.line ?? lines.length;
  while (/^\s*(#.*)?\r?\n?$/.test(lines[end - 1] ?? '') && end > start.line + 1) end -= 1;
  return [start.line, end];
}

function startsWith(keys: readonly string[], path: readonly string[]): boolean {
  return path.every((key, index) => keys[index] === key);
}

interface Header {
  line: number;
  keys: string[];
}

/** Where tables begin; what looks so inside of a string of several lines does not count. */
function tableHeaders(lines: readonly string[]): Header[] {
  const headers: Header[] = [];
  let open: string | undefined;
  lines.forEach((text, line) => {
    if (open === undefined && /^\s*\[/.test(text)) {
      const keys = headerKeys(text);
      if (keys) headers.push({ line, keys });
    }
    open = openString(text, open);
  });
  return headers;
}

/** The string of several lines in which a line ends: its quotes, or undefined. */
function openString(text: string, open: string | undefined): string | undefined {
  let inside = open;
  const single = inside === undefined ? withoutPlainStrings(text) : text;
  for (const [mark] of single.matchAll(/"""|'''|#/g)) {
    if (mark === '#') {
      if (inside === undefined) break;
    } else if (inside === undefined) inside = mark;
    else if (inside === mark) inside = undefined;
  }
  return inside;
}

function withoutPlainStrings(text: string): string {
  return text.replace(
    /("""|''')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g,
    (_, triple?: string) => triple ?? '',
  );
}

/** `[a."b c"]` → a, b c. */
function headerKeys(line: string): string[] | undefined {
  try {
    const keys: string[] = [];
    let inner: unknown = parse(line);
    while (isJsonObject(inner)) {
      const [key] = Object.keys(inner);
      if (key === undefined) break;
      keys.push(key);
      inner = inner[key];
    }
    return keys;
  } catch {
    return undefined; // part of an array
  }
}
