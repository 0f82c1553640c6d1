import type { DescriptionDefinition } from 'postman-collection';
import type { Field } from '../concrete/concreteRequest.ts';
import { postmanText } from './postmanText.ts';

/** An entry of a query, form, header or of path variables. */
interface Entry {
  key?: string | null | undefined;
  value?: unknown;
  disabled?: boolean | undefined;
  description?: DescriptionDefinition | string | undefined;
}

/** The entries that have a name. */
export function readFields(entries: { all(): readonly Entry[] } | undefined): Field[] {
  return (entries?.all() ?? []).map(readField).filter(({ name }) => name !== '');
}

export function readField(entry: Entry): Field {
  return {
    name: postmanText(entry.key),
    value: postmanText(entry.value),
    description: descriptionOf(entry),
    isOff: entry.disabled === true,
  };
}

/** The text of a description; undefined where there is none. */
export function descriptionOf({ description }: Pick<Entry, 'description'>): string | undefined {
  const text = typeof description === 'object' ? description.content : description;
  return typeof text === 'string' ? text : undefined;
}
