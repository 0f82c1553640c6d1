import type { JsonObject } from '../../../../contract/json.ts';
import type { Field } from '../concrete/concreteRequest.ts';
import { objectAt, textAt } from '../documentReader.ts';
import { postmanText } from './postmanText.ts';

/** Entries of `key`, `value`, as queries, forms and headers have them. */
export function readFields(entries: readonly JsonObject[]): Field[] {
  return entries
    .filter((entry) => typeof entry.key === 'string' && entry.key !== '')
    .map((entry) => ({
      name: postmanText(entry.key),
      value: postmanText(entry.value),
      description: descriptionOf(entry),
      isOff: entry.disabled === true,
    }));
}

/** A description is a text, or an object that holds one. */
export function descriptionOf(object: JsonObject): string | undefined {
  return textAt(object, 'description') ?? textAt(objectAt(object, 'description'), 'content');
}
