import type { ListKind } from '../../../contract/events.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';

const maxUris = 1000;

const members: Record<ListKind, string> = {
  tools: 'toolsListChanged',
  prompts: 'promptsListChanged',
  resources: 'resourcesListChanged',
};

/** What a client wants to hear of (MCP 2026-07-28, basic/patterns/subscriptions). */
export interface ListenFilter {
  lists: ReadonlySet<ListKind>;
  uris: ReadonlySet<string>;
}

/** @throws RpcError −32602 where it is no filter */
export function listenFilterOf({ notifications }: JsonObject): ListenFilter {
  if (!isJsonObject(notifications)) throw wrong('needs an object “notifications” in params');
  const lists = Object.entries(members).filter(([, member]) => notifications[member] === true);
  const uris = notifications.resourceSubscriptions ?? [];
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) {
    throw wrong('“resourceSubscriptions” must be an array of URIs');
  }
  if (uris.length > maxUris) throw wrong(`takes at most ${maxUris} “resourceSubscriptions”`);
  return { lists: new Set(lists.map(([kind]) => kind as ListKind)), uris: new Set(uris) };
}

/** The same as `notifications` of the acknowledgment. */
export function honoured({ lists, uris }: ListenFilter): JsonObject {
  const entries: [string, JsonValue][] = [...lists].map((kind) => [members[kind], true]);
  if (uris.size > 0) entries.push(['resourceSubscriptions', [...uris]]);
  return Object.fromEntries(entries);
}

function wrong(text: string): RpcError {
  return new RpcError(rpcCodes.invalidParams, `subscriptions/listen ${text}`);
}
