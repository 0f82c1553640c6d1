import { mark, withoutMarks } from '../concrete/marks.ts';

/** A text of a collection with marks for its `{{variables}}`; `$guid` and the like are ones, too. */
export function postmanText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '';
  return withoutMarks(value).replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) => mark(name));
}

/** The name of a folder or request; empty where it has none. */
export function postmanName({ name }: { name?: unknown }): string {
  return typeof name === 'string' ? name : '';
}
