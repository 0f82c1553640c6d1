import { isJsonObject, type JsonValue } from '../../contract/json.ts';
import { parseTemplate } from '../template/parseTemplate.ts';

/** Something wrong in the definition of a custom tool or prompt. */
export interface ItemProblem {
  /** Within the item, like `steps.0.if`; empty for the item as a whole. */
  path: string;
  message: string;
}

/** What keeps a text from being rendered, each with its place in it. */
export function textProblems(text: string | undefined, path: string): ItemProblem[] {
  if (text === undefined || !/@|\{\{/.test(text)) return [];
  return parseTemplate(text)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ start, message }) => ({ path, message: `${placeIn(text, start)}: ${message}` }));
}

/** The same for all strings in a JSON value. */
export function valueProblems(value: JsonValue | undefined, path: string): ItemProblem[] {
  if (typeof value === 'string') return textProblems(value, path);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => valueProblems(item, `${path}.${index}`));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => valueProblems(item, `${path}.${name}`));
}

/** Line and column, counted from 1, of a place in UTF-16 units. */
export function placeIn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
