import * as z from 'zod';
import { jsonObjectSchema } from '../../contract/common.ts';
import type { PythonTool } from '../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { PythonStartError, PythonSyntaxError, PythonToolError } from './python/pythonErrors.ts';
import type { PythonTools } from './python/pythonTools.ts';
import { variablesSchema } from './variables.ts';

export const toolSignatureSchema = z.object({
  inputSchema: jsonObjectSchema,
  outputSchema: jsonObjectSchema.optional(),
  description: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** What the code of a Python tool says about it. */
export type ToolSignature = z.infer<typeof toolSignatureSchema>;

/** Importing a module should not take longer; a list waits even less. */
const limitMs = 40_000;

/**
 * What Python says of a tool. Code that cannot be described is a problem of the tool.
 * @throws PythonStartError where no interpreter can run
 */
export async function describePython(
  python: Pick<PythonTools, 'describe'>,
  vmcpId: string,
  tool: PythonTool,
): Promise<ToolSignature> {
  try {
    const { inputSchema, outputSchema, description } = await python.describe(
      vmcpId,
      tool.code,
      AbortSignal.timeout(limitMs),
    );
    return {
      inputSchema: withVariables(inputSchema, tool),
      ...(outputSchema && { outputSchema }),
      description,
      problems: [],
    };
  } catch (error) {
    if (error instanceof PythonStartError) throw error;
    const message = problemOf(error);
    if (message === undefined) throw error;
    const problems = [{ path: 'code', message }];
    return { inputSchema: { type: 'object' }, description: '', problems };
  }
}

function problemOf(error: unknown): string | undefined {
  if (error instanceof PythonSyntaxError) {
    return `line ${error.line}, column ${error.column}: ${error.message}`;
  }
  return error instanceof PythonToolError ? error.message : undefined;
}

/** The code knows the types; what people are told of a parameter may stand in the variables. */
function withVariables(schema: JsonObject, { variables }: PythonTool): JsonObject {
  if (variables.length === 0 || !isJsonObject(schema.properties)) return schema;
  const said = variablesSchema(variables).properties;
  const more = (name: string): JsonValue | undefined =>
    isJsonObject(said) && Object.hasOwn(said, name) ? said[name] : undefined;
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    const { description, enum: values } = Object(more(name)) as JsonObject;
    const told = { ...(description && { description }), ...(values && { enum: values }) };
    return [name, isJsonObject(property) ? { ...property, ...told } : property] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
