import type { JsonObject } from '../../contract/json.ts';

const modernMembers = ['resultType', 'ttlMs', 'cacheScope'] as const;

/** Servers of the session era have no say in what clients of the other era take these for. */
export function withoutModernMembers(result: JsonObject): JsonObject {
  if (!modernMembers.some((member) => result[member] !== undefined)) return result;
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, ...rest } = result;
  return rest;
}
