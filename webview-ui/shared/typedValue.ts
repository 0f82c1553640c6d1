import * as l10n from '@vscode/l10n';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/contract/json.ts';

/** How a value is typed in. */
export type InputKind = 'text' | 'number' | 'boolean' | 'choice' | 'json';

/** The kind of input that fits a JSON Schema; what it does not say is JSON. */
export function inputKind(schema: JsonValue | undefined): InputKind {
  if (!isJsonObject(schema)) return 'json';
  if (choicesOf(schema).length > 0) return 'choice';
  switch (typeOf(schema)) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'json';
  }
}

/** The only values that a schema allows; none where it does not say. */
export function choicesOf(schema: JsonObject): JsonValue[] {
  if (Array.isArray(schema.enum)) return schema.enum;
  return schema.const === undefined ? [] : [schema.const];
}

/** The type that a schema names, without `null`; of several, none. */
export function typeOf(schema: JsonValue | undefined): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  const types = [schema.type, ...branchTypes(schema)]
    .flat()
    .filter((type) => typeof type === 'string' && type !== 'null');
  return types.length === 1 ? String(types[0]) : undefined;
}

function branchTypes(schema: JsonObject): (JsonValue | undefined)[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (schema.type !== undefined || !Array.isArray(branches)) return [];
  return branches.map((branch) => (isJsonObject(branch) ? branch.type : undefined));
}

/** A value as it stands in an input. */
export function printValue(value: JsonValue | undefined, kind: InputKind): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && kind !== 'json') return value;
  if (typeof value === 'string' && isReference(value)) return value;
  return JSON.stringify(value, undefined, kind === 'json' ? 2 : undefined);
}

/**
 * What was typed, as a value. A reference (`@config.x`, `{{x}}`) may stand for a value of every type.
 * @returns the value, or what is wrong with the text
 */
export function parseValue(
  text: string,
  kind: InputKind,
): { value: JsonValue } | { problem: string } {
  if (kind === 'text' || isReference(text)) return { value: text };
  if (kind === 'number') {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return { value };
    return { problem: l10n.t('Enter a number, or a reference like @config.name') };
  }
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { problem: l10n.t('This is not JSON: {0}', (error as Error).message) };
  }
}

function isReference(text: string): boolean {
  return /^\s*(@[a-z]|\{\{)/i.test(text);
}
