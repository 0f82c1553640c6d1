import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';

/** Items on one page; more than any client shows, so that paging stays the exception. */
const pageSize = 1000;

const lists = {
  'tools/list': { key: 'tools', kind: 'tools' },
  'prompts/list': { key: 'prompts', kind: 'prompts' },
  'resources/list': { key: 'resources', kind: 'resources' },
  'resources/templates/list': { key: 'resourceTemplates', kind: 'resources' },
} as const;

export type ListMethod = keyof typeof lists;

export function isListMethod(method: string): method is ListMethod {
  return Object.hasOwn(lists, method);
}

/** First pages, one object a compiled vMCP, so that an edge can keep its serialised form. */
const firstPages = new WeakMap<CompiledVmcp, Map<ListMethod, JsonObject>>();

/**
 * One page of a list (MCP server/utilities/pagination).
 * @throws RpcError −32602 for a cursor that is none of ours, or of an older state of the list
 */
export function listPage(compiled: CompiledVmcp, method: ListMethod, cursor: unknown): JsonObject {
  if (cursor !== undefined) return page(compiled, method, positionOf(compiled, method, cursor));
  const pages = firstPages.get(compiled) ?? new Map<ListMethod, JsonObject>();
  firstPages.set(compiled, pages);
  const known = pages.get(method) ?? page(compiled, method, 0);
  pages.set(method, known);
  return known;
}

function page(compiled: CompiledVmcp, method: ListMethod, start: number): JsonObject {
  const { key } = lists[method];
  const items = compiled[key];
  const end = start + pageSize;
  return {
    [key]: items.slice(start, end),
    ...(end < items.length && { nextCursor: cursorAt(compiled, method, end) }),
  };
}

/** Cursors hold all they need, so that any process can answer them: list, position, generation. */
function cursorAt(compiled: CompiledVmcp, method: ListMethod, position: number): string {
  const generation = compiled.revisions[lists[method].kind];
  return Buffer.from(JSON.stringify([method, position, generation])).toString('base64url');
}

function positionOf(compiled: CompiledVmcp, method: ListMethod, cursor: unknown): number {
  const [listed, position, generation] = decode(cursor);
  if (listed !== method || typeof position !== 'number' || !Number.isSafeInteger(position)) {
    throw new RpcError(rpcCodes.invalidParams, `Invalid cursor for ${method}`);
  }
  if (generation !== compiled.revisions[lists[method].kind]) {
    throw new RpcError(
      rpcCodes.invalidParams,
      `The cursor is of an older state of the list; call ${method} again without one`,
    );
  }
  return position;
}

function decode(cursor: unknown): unknown[] {
  if (typeof cursor !== 'string') return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // not one of our cursors: the caller says so
  }
}
