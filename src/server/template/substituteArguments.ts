import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { parseTemplate } from './parseTemplate.ts';
import { renderValue } from './renderValue.ts';
import type { TemplateScope } from './templateScope.ts';

/**
 * The arguments that a client sent, with the references in all their strings, at any depth, replaced;
 * names of members are no templates, and Mustache is none of a client's language.
 * @param options.lenient for clients that do not know of references and pass source code: what does
 *   not resolve stays as written
 * @throws TemplateError whose detail says at which argument
 */
export async function substituteArguments(
  args: JsonObject,
  scope: TemplateScope,
  { lenient = false } = {},
): Promise<JsonObject> {
  const dialect = lenient ? 'lenient' : 'arguments';
  const parse = (text: string) => parseTemplate(text, dialect);
  const rendered = await renderValue(args, scope, { place: 'arguments', lenient, parse });
  return isJsonObject(rendered) ? rendered : {};
}

/** Whether a string anywhere in the value holds a reference. */
export function holdsReference(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') {
    if (!value.includes('@')) return false;
    return parseTemplate(value, 'arguments').pieces.some(({ kind }) => kind !== 'text');
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsReference);
}
