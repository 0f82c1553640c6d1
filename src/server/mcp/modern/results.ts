import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { metaKeys } from '../../protocol/modernProtocol.ts';

/** Whose results may be kept by clients (MCP 2026-07-28, server/utilities/caching). */
const cacheable = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);

/**
 * What servers of the session era say holds until they say otherwise, which only a listening client
 * hears; and it may be another's tomorrow: nothing to be kept, nothing to be shared.
 */
const cachingHints: JsonObject = { ttlMs: 0, cacheScope: 'private' };

/** Lists in this era's form; a page that is asked for again is the same object. */
const listPages = new WeakMap<JsonObject, JsonObject>();

/**
 * A result of the session era as this one has it.
 * @param method whose result it is
 */
export function completeResult(
  method: string,
  result: JsonObject,
  serverInfo: JsonObject,
): JsonObject {
  if (!method.endsWith('/list')) return stamped(method, result, serverInfo);
  const known = listPages.get(result);
  if (known) return known;
  const page = stamped(method, withoutExecution(result), serverInfo);
  listPages.set(result, page);
  return page;
}

/** The call ends here and goes on with the client's answers (MCP 2026-07-28, basic/patterns/mrtr). */
export function inputRequired(
  inputRequests: JsonObject,
  requestState: string | undefined,
  serverInfo: JsonObject,
): JsonObject {
  return {
    resultType: 'input_required',
    inputRequests,
    ...(requestState !== undefined && { requestState }),
    _meta: { [metaKeys.serverInfo]: serverInfo },
  };
}

function stamped(method: string, result: JsonObject, serverInfo: JsonObject): JsonObject {
  const meta = isJsonObject(result._meta) ? result._meta : undefined;
  return {
    ...result,
    ...(cacheable.has(method) && cachingHints),
    resultType: 'complete',
    _meta: { [metaKeys.serverInfo]: serverInfo, ...meta },
  };
}

/** How tools run as tasks is said otherwise in this era. */
function withoutExecution(result: JsonObject): JsonObject {
  if (!Array.isArray(result.tools)) return result;
  return { ...result, tools: result.tools.map(toolWithoutExecution) };
}

function toolWithoutExecution(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool) || tool.execution === undefined) return tool;
  const { execution: _, ...rest } = tool;
  return rest;
}
