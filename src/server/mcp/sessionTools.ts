import type { JsonObject } from '../../contract/json.ts';
import { sessionTool } from '../protocol/wrappedOutput.ts';

/** Pages in the session era's form; one that is asked for again is the same object. */
const pages = new WeakMap<JsonObject, JsonObject>();

/** A page of `tools/list` for clients of the session era, which know structured content as objects only. */
export function sessionTools(page: JsonObject): JsonObject {
  const known = pages.get(page);
  if (known !== undefined) return known;
  const tools = Array.isArray(page.tools) ? page.tools.map(sessionTool) : [];
  const isSame = Array.isArray(page.tools) && page.tools.every((tool, n) => tool === tools[n]);
  const told = isSame ? page : { ...page, tools };
  pages.set(page, told);
  return told;
}
