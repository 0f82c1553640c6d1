import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { decodeHeaderValue, encodeHeaderValue } from './headerValue.ts';

/** An argument that a client repeats as `Mcp-Param-…` (`x-mcp-header` in a tool's `inputSchema`). */
export interface ParamHeader {
  /** The header's name in lower case. */
  header: string;
  /** Names of properties, from the arguments' root. */
  path: readonly string[];
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const allowedTypes = new Set<unknown>(['string', 'integer', 'boolean']);
const maxDepth = 16;

/**
 * The headers that a schema asks for.
 * @returns undefined where one of its annotations is not allowed (MCP 2026-07-28, server/tools)
 */
export function paramHeadersOf(schema: JsonObject): readonly ParamHeader[] | undefined {
  const found: ParamHeader[] = [];
  if (!collect(schema, [], found)) return undefined;
  return new Set(found.map(({ header }) => header)).size === found.length ? found : undefined;
}

/**
 * Compares the headers of a call with its arguments.
 * @returns what is wrong
 */
export function paramHeaderProblem(
  expected: readonly ParamHeader[],
  args: JsonValue | undefined,
  headers: NodeJS.Dict<string | string[]>,
): string | undefined {
  for (const { header, path } of expected) {
    const value = valueAt(args, path);
    const sent = headers[header];
    if (value === undefined || value === null) {
      if (sent !== undefined) return `${header} is sent, but arguments.${path.join('.')} is not`;
      continue;
    }
    if (typeof sent !== 'string') return `The header ${header} is missing`;
    const text = decodeHeaderValue(sent);
    if (text === undefined) return `${header} holds invalid base64`;
    if (!isSame(text, value)) return `${header} differs from arguments.${path.join('.')}`;
  }
  return undefined;
}

/** @returns false where an annotation is not allowed */
function collect(schema: JsonObject, path: readonly string[], found: ParamHeader[]): boolean {
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'x-mcp-header') {
      if (typeof value !== 'string' || !token.test(value)) return false;
      if (path.length === 0 || !allowedTypes.has(schema.type)) return false;
      found.push({ header: `mcp-param-${value.toLowerCase()}`, path });
    } else if (key === 'properties' && isJsonObject(value)) {
      if (path.length >= maxDepth) return false;
      for (const [name, property] of Object.entries(value)) {
        if (isJsonObject(property) && !collect(property, [...path, name], found)) return false;
      }
    } else if (!isData.has(key) && holdsAnnotation(value, 0)) return false;
  }
  return true;
}

/** Keywords whose values are data, not schemas. */
const isData = new Set(['default', 'const', 'enum', 'examples']);

function holdsAnnotation(value: JsonValue | undefined, depth: number): boolean {
  if (depth > maxDepth) return false;
  if (Array.isArray(value)) return value.some((item) => holdsAnnotation(item, depth + 1));
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      key === 'x-mcp-header' || (!isData.has(key) && holdsAnnotation(inner, depth + 1)),
  );
}

function valueAt(args: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = args;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** `42` and `42.0` are the same integer. */
function isSame(text: string, value: JsonValue): boolean {
  if (typeof value === 'string') return text === value;
  if (typeof value === 'number') return text !== '' && Number(text) === value;
  return text === JSON.stringify(value);
}

/** The headers of a call with these arguments; what is absent or null has none. */
export function paramHeaderValues(
  expected: readonly ParamHeader[],
  args: JsonValue | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { header, path } of expected) {
    const value = valueAt(args, path);
    if (value === undefined || value === null || typeof value === 'object') continue;
    headers[header] = encodeHeaderValue(String(value));
  }
  return headers;
}
