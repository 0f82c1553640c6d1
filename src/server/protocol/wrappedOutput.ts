import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';

/** Where the value of a tool stands that is no object (MCP 2025-11-25 allows objects only). */
const member = 'result';

/**
 * Whether a tool's structured content is wrapped for clients of the session era.
 * @param tool as its server lists it; where it is not known the content itself tells
 */
export function wrapsOutput(tool: JsonObject | undefined, content: JsonValue): boolean {
  const schema = tool?.outputSchema;
  return schema === undefined ? !isJsonObject(content) : !isObjectSchema(schema);
}

/** A listed tool as clients of the session era know it; the same object where nothing is to be done. */
export function sessionTool(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool) || tool.outputSchema === undefined || isObjectSchema(tool.outputSchema)) {
    return tool;
  }
  const inner = moved(tool.outputSchema);
  const outputSchema = { type: 'object', properties: { [member]: inner }, required: [member] };
  return { ...tool, outputSchema };
}

function isObjectSchema(schema: JsonValue): boolean {
  return isJsonObject(schema) && schema.type === 'object';
}

/** References from the schema's root lead to its new place. */
function moved(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(moved);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      const isReference = key === '$ref' && typeof value === 'string' && /^#(\/|$)/.test(value);
      if (isReference) return [key, `#/properties/${member}${value.slice(1)}`];
      return [key, value === undefined ? value : moved(value)];
    }),
  );
}
