import type { HttpTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { variablesSchema } from '../variables.ts';

/** What clients are told that an HTTP tool takes. */
export function httpInputSchema(tool: HttpTool): JsonObject {
  return variablesSchema(tool.variables);
}
