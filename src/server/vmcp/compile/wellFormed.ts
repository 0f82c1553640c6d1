import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';

type Check = (value: JsonValue | undefined) => boolean;
const isText: Check = (value) => typeof value === 'string';
const checks: Readonly<Record<string, Check>> = {
  title: isText,
  description: isText,
  mimeType: isText,
  size: (value) => typeof value === 'number',
  icons: Array.isArray,
  annotations: isJsonObject,
  execution: isJsonObject,
  _meta: isJsonObject,
};

/**
 * An entry of an upstream's list without those top-level members that have a wrong type: clients
 * reject a whole list for one of them. Everything else stays, members that nobody here knows too.
 * @returns the same object where nothing is wrong
 */
export function withoutMalformed(entry: JsonObject): JsonObject {
  const wrong = Object.keys(checks).filter(
    (key) => Object.hasOwn(entry, key) && !checks[key]?.(entry[key]),
  );
  if (wrong.length === 0) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !wrong.includes(key)));
}

/** The entries that have an identifying text in `key`, the first of each, mended. */
export function distinctEntries(
  entries: readonly JsonObject[],
  key: 'name' | 'uri' | 'uriTemplate',
): { id: string; entry: JsonObject }[] {
  const found = new Map<string, JsonObject>();
  for (const entry of entries) {
    const id = entry[key];
    if (typeof id === 'string' && id !== '' && !found.has(id))
      found.set(id, withoutMalformed(entry));
  }
  return [...found].map(([id, entry]) => ({ id, entry }));
}

/**
 * A schema that every client takes for a tool's input or output: MCP wants an object schema.
 * @returns undefined where `schema` is no schema at all
 */
export function objectSchema(schema: JsonValue | undefined): JsonObject | undefined {
  if (!isJsonObject(schema)) return undefined;
  const badRequired = 'required' in schema && !Array.isArray(schema.required);
  const badProperties = 'properties' in schema && !isJsonObject(schema.properties);
  if (schema.type === 'object' && !badRequired && !badProperties) return schema;
  const mended: JsonObject = { ...schema, type: 'object' };
  if (badRequired) delete mended.required;
  if (badProperties) delete mended.properties;
  return mended;
}
