import type { JsonValue } from '../../contract/json.ts';
import type { ValueReference } from './parseTemplate.ts';
import { TemplateError } from './templateError.ts';

/** Where references find their values; undefined: there is none. May throw for values not to be told. */
export interface TemplateScope {
  /** Arguments of what is rendered, then `active_config`. */
  param(name: string): JsonValue | undefined;
  /** `active_config`. */
  config(name: string): JsonValue | undefined;
}

/**
 * The value of a reference.
 * @param place where the template stands, for the message
 * @throws TemplateError that names the missing parameter or key
 */
export function resolveValue(
  reference: ValueReference,
  scope: TemplateScope,
  place: string,
): JsonValue {
  const value = scope[reference.kind](reference.name);
  if (value !== undefined) return value;
  const what = reference.kind === 'param' ? 'parameter' : 'configuration key';
  throw new TemplateError(
    `Unknown ${what} “${reference.name}”`,
    `${place}: ${reference.written} at position ${reference.start}; write @@ for a literal @.`,
  );
}
