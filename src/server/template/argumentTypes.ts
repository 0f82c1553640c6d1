import { isJsonObject, type JsonValue } from '../../contract/json.ts';

type Convert = (value: JsonValue) => JsonValue | undefined;

const converters: Record<string, Convert> = {
  int: (value) => {
    const number = toNumber(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  float: toNumber,
  str: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  bool: (value) => {
    if (typeof value !== 'string') return typeof value === 'boolean' ? value : undefined;
    const word = value.trim().toLowerCase();
    return word === 'true' || word === 'false' ? word === 'true' : undefined;
  },
  list: (value) => [parsed(value)].find((found) => Array.isArray(found)),
  dict: (value) => [parsed(value)].find(isJsonObject),
};

const otherNames: Record<string, string> = {
  integer: 'int',
  number: 'float',
  string: 'str',
  boolean: 'bool',
  array: 'list',
  object: 'dict',
};

/**
 * Converts a value to the type that the argument names, e.g. `"5"` to 5 for `int`. null fits every
 * type, and every value a type that is not known here (`Literal["a"]`, `[str]`).
 * @returns undefined where the value cannot have the type
 */
export function convertArgument(value: JsonValue, type: string): JsonValue | undefined {
  const name = simpleType(type);
  const convert = Object.hasOwn(converters, name) ? converters[name] : undefined;
  return value === null || !convert ? value : convert(value);
}

/** `Optional[int]`, `int | None` and `int` are `int`, `list[str]` is `list`. */
function simpleType(type: string): string {
  const written = type.replaceAll(/["'\s]/g, '').replace(/\|None$/, '');
  const optional = /^Optional\[(.*)\]$/.exec(written)?.[1] ?? written;
  const name = (/^\w+(?=\[)/.exec(optional)?.[0] ?? optional).toLowerCase();
  return (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined) ?? name;
}

function toNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*$/.test(value))
    return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** What the JSON text holds; other values as they are. */
function parsed(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return undefined; // no JSON: it cannot have the type
  }
}
