import type { JsonValue } from '../../contract/json.ts';
import type { TemplateScope } from './templateScope.ts';

/** A value that a Mustache section has stepped into, in front of those around it. */
export interface Frame {
  value: JsonValue;
  outer: Frame | undefined;
}

/** A parameter or key of the configuration that has no value. */
export interface Missing {
  kind: 'param' | 'config';
  name: string;
}

/**
 * The value of a Mustache name: its first part is looked for from the innermost frame outwards, then
 * in the scope; the rest are members of what was found. Only own members count, never what objects,
 * lists or texts inherit. `param.` and `config.` always mean the scope, so that no item of a list can
 * pass for configuration.
 * @returns undefined where there is no such value
 */
export function lookUp(
  name: string,
  frame: Frame | undefined,
  scope: TemplateScope,
): JsonValue | undefined {
  if (name === '.') return frame?.value;
  const [first = '', ...rest] = name.split('.');
  if (first === 'param' || first === 'config') {
    const [key = '', ...inner] = rest;
    return descend(scope[first](key), inner);
  }
  for (let at = frame; at; at = at.outer) {
    const found = ownMember(at.value, first);
    if (found !== undefined) return descend(found, rest);
  }
  const found = ownMember(scope.context ?? {}, first);
  return descend(found === undefined ? scope.param(first) : found, rest);
}

/**
 * What is missing where a name has no value at the top of a template.
 * @returns undefined where that is no mistake: the parameter is optional, or only a member is missing
 */
export function missing(name: string, scope: TemplateScope): Missing | undefined {
  const [first = '', second = ''] = name.split('.');
  if (first === 'config') {
    return scope.config(second) === undefined ? { kind: 'config', name: second } : undefined;
  }
  if (name === '.' || ownMember(scope.context ?? {}, first) !== undefined) return undefined;
  const parameter = first === 'param' ? second : first;
  if (scope.isOptional(parameter) || scope.param(parameter) !== undefined) return undefined;
  return { kind: 'param', name: parameter };
}

function descend(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const name of path) {
    if (found === undefined) return undefined;
    found = ownMember(found, name);
  }
  return found;
}

function ownMember(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, JsonValue | undefined>)[name];
}
