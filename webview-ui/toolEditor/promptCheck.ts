import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';
import type { CheckedTool } from '../../src/contract/operations.ts';

/** What a vMCP's own prompt takes, in the form of a checked tool; arguments of prompts are texts. */
export function promptCheck(fields: JsonObject | undefined): Omit<CheckedTool, 'description'> {
  const variables = Array.isArray(fields?.variables) ? fields.variables.filter(isJsonObject) : [];
  const properties = variables.map(({ name, description, enum: values }) => [
    String(name),
    {
      type: 'string',
      ...(description !== undefined && { description }),
      ...(values !== undefined && { enum: values }),
    },
  ]);
  const required = variables.flatMap(({ name, required: is }) => (is ? [String(name)] : []));
  const input_schema = { type: 'object', properties: Object.fromEntries(properties), required };
  return { problems: [], input_schema };
}
