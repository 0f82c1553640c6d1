import { isDeepStrictEqual } from 'node:util';
import type { Variable } from '../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { ArgumentError } from './argumentError.ts';

type BasicType = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict';

const basicTypes: Record<Variable['type'], BasicType> = {
  ...{ str: 'str', int: 'int', float: 'float', bool: 'bool', list: 'list', dict: 'dict' },
  ...{ string: 'str', integer: 'int', number: 'float', boolean: 'bool' },
  ...{ array: 'list', object: 'dict' },
};

const schemaTypes: Record<BasicType, string> = {
  ...{ str: 'string', int: 'integer', float: 'number', bool: 'boolean' },
  ...{ list: 'array', dict: 'object' },
};

/** What JSON calls a number, as text. */
const numericText = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The input schema of a tool with these variables. One with a default is never required. */
export function variablesSchema(variables: readonly Variable[]): JsonObject {
  const required = variables
    .filter((variable) => variable.required && variable.default === undefined)
    .map(({ name }) => name);
  return {
    type: 'object',
    // fromEntries defines members, so that a name like `__proto__` is one like any other.
    properties: Object.fromEntries(variables.map((v) => [v.name, variableSchema(v)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/**
 * Arguments as the variables want them: checked, converted where nothing is lost (numeric text for
 * numbers), defaults filled in. An optional argument that is null counts as left out.
 * @throws ArgumentError that names the argument
 */
export function convertArguments(variables: readonly Variable[], args: JsonObject): JsonObject {
  const names = new Set(variables.map(({ name }) => name));
  const unknown = Object.keys(args).find((name) => !names.has(name));
  if (unknown !== undefined) {
    const known = names.size > 0 ? [...names].join(', ') : 'no arguments';
    throw new ArgumentError(`Unknown argument "${unknown}"; there is: ${known}`);
  }
  const entries = variables.flatMap((variable): [string, JsonValue][] => {
    const sent = Object.hasOwn(args, variable.name) ? args[variable.name] : undefined;
    const value = sent ?? variable.default;
    if (value !== undefined && value !== null) return [[variable.name, convert(variable, value)]];
    if (variable.required) throw new ArgumentError(`Argument "${variable.name}" is missing`);
    return [];
  });
  return Object.fromEntries(entries);
}

function variableSchema(variable: Variable): JsonObject {
  const type = basicTypes[variable.type];
  return {
    // Some clients refuse tools with arrays that do not say what is in them.
    ...(type === 'list' && { items: {} }),
    ...variable.schema,
    type: schemaTypes[type],
    ...(variable.description !== undefined && { description: variable.description }),
    ...(variable.enum !== undefined && { enum: variable.enum }),
    ...(variable.default !== undefined && { default: variable.default }),
  };
}

function convert(variable: Variable, value: JsonValue): JsonValue {
  const type = basicTypes[variable.type];
  const converted = convertTo(type, value);
  if (converted === undefined) {
    const given = typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : kindOf(value);
    throw new ArgumentError(`Argument "${variable.name}" must be ${expected[type]}, not ${given}`);
  }
  if (variable.enum && !variable.enum.some((one) => isDeepStrictEqual(one, converted))) {
    const allowed = variable.enum.map((one) => JSON.stringify(one)).join(', ');
    throw new ArgumentError(`Argument "${variable.name}" must be one of ${allowed}`);
  }
  return converted;
}

const expected: Record<BasicType, string> = {
  str: 'a string',
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  list: 'an array',
  dict: 'an object',
};

/** The value as one of that type; undefined where it is none and something would be lost. */
function convertTo(type: BasicType, value: JsonValue): JsonValue | undefined {
  switch (type) {
    case 'str':
      return typeof value === 'string' ? value : undefined;
    case 'int': {
      const number = toNumber(value);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case 'float': {
      const number = toNumber(value);
      return Number.isFinite(number) ? number : undefined;
    }
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'list':
      return Array.isArray(value) ? value : undefined;
    case 'dict':
      return isJsonObject(value) ? value : undefined;
  }
}

function toNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && numericText.test(value) ? Number(value) : undefined;
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : String(value);
}
