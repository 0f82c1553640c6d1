import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { keepJsonText, keptJsonText } from '../../jsonText.ts';
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
 * A resource may be kept as long as its server says. Everything else is put together here, and may be
 * edited at any time, of which only a listening client hears: nothing to be kept. Nor is anything to be
 * shared, since another client may have another vMCP tomorrow.
 */
function cachingHints(method: string, { ttlMs }: JsonObject): JsonObject {
  const kept = method === 'resources/read' && typeof ttlMs === 'number' ? Math.floor(ttlMs) : 0;
  return { ttlMs: Number.isSafeInteger(kept) ? Math.max(0, kept) : 0, cacheScope: 'private' };
}

/** Lists in this era's form; a page that is asked for again is the same object. */
const listPages = new WeakMap<JsonObject, JsonObject>();

/**
 * A result as this era has it.
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

/** The call ends here; the client answers, and repeats it (MCP 2026-07-28, basic/patterns/mrtr). */
export function inputRequired(inputRequests: JsonObject, serverInfo: JsonObject): JsonObject {
  return {
    resultType: 'input_required',
    inputRequests,
    _meta: { [metaKeys.serverInfo]: serverInfo },
  };
}

/** A server's result that wants input, with the state that the client is to send back for its own. */
export function relayedInput(
  result: JsonObject,
  requestState: string,
  serverInfo: JsonObject,
): JsonObject {
  const meta = isJsonObject(result._meta) ? result._meta : undefined;
  return { ...result, requestState, _meta: { [metaKeys.serverInfo]: serverInfo, ...meta } };
}

function stamped(method: string, result: JsonObject, serverInfo: JsonObject): JsonObject {
  const stamp = stampOf(serverInfo);
  const meta = isJsonObject(result._meta) ? result._meta : undefined;
  if (cacheable.has(method) || meta !== undefined) {
    const hints = cacheable.has(method) ? cachingHints(method, result) : {};
    return { ...result, ...hints, ...stamp.members, _meta: { ...stamp.members._meta, ...meta } };
  }
  const whole = { ...result, ...stamp.members };
  const text = textWith(result, stamp);
  if (text !== undefined) keepJsonText(whole, text);
  return whole;
}

/** What is the same in all results of a vMCP. */
interface Stamp {
  members: { resultType: string; _meta: JsonObject };
  /** As JSON text, from its first member on. */
  text: string;
}

const stamps = new WeakMap<JsonObject, Stamp>();

function stampOf(serverInfo: JsonObject): Stamp {
  const known = stamps.get(serverInfo);
  if (known) return known;
  const members = { resultType: 'complete', _meta: { [metaKeys.serverInfo]: serverInfo } };
  const stamp = { members, text: JSON.stringify(members).slice(1) };
  stamps.set(serverInfo, stamp);
  return stamp;
}

/** The text that a server wrote, with what is new at its end; undefined where it has to be written anew. */
function textWith(result: JsonObject, stamp: Stamp): string | undefined {
  const text = keptJsonText(result);
  if (text === undefined || !text.endsWith('}') || Object.keys(result).length === 0)
    return undefined;
  for (const name in stamp.members) if (Object.hasOwn(result, name)) return undefined;
  return `${text.slice(0, -1)},${stamp.text}`;
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
