import type { JsonObject, JsonValue } from '../../contract/json.ts';
import { parseTemplate } from './parseTemplate.ts';
import { renderTemplate } from './renderTemplate.ts';
import { TemplateError } from './templateError.ts';
import { resolveValue, type TemplateScope } from './templateScope.ts';

const maxDepth = 100;

/**
 * The arguments with the references in all their strings, at any depth, replaced; names of members
 * are no templates.
 * @throws TemplateError whose detail says at which argument
 */
export function substituteArguments(args: JsonObject, scope: TemplateScope): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      value === undefined ? value : substitute(value, scope, `arguments.${name}`, 1),
    ]),
  );
}

/** Whether a string anywhere in the value holds a reference. */
export function holdsReference(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') {
    return value.includes('@') && parseTemplate(value).nodes.some(({ kind }) => kind !== 'literal');
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsReference);
}

function substitute(
  value: JsonValue,
  scope: TemplateScope,
  place: string,
  depth: number,
): JsonValue {
  if (depth > maxDepth) throw new TemplateError(`Nested deeper than ${maxDepth} levels`, place);
  if (typeof value === 'string') {
    if (!value.includes('@')) return value;
    return renderTemplate(parseTemplate(value), (reference) =>
      resolveValue(reference, scope, place),
    );
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => substitute(item, scope, `${place}[${index}]`, depth + 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      item === undefined ? item : substitute(item, scope, `${place}.${name}`, depth + 1),
    ]),
  );
}
