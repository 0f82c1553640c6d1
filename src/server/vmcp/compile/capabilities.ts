import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import type { ServerPart } from './serverPart.ts';

const maxDepth = 8;

/**
 * What a vMCP declares (MCP 2025-11-25, basic/lifecycle): the features that it answers itself, always,
 * so that servers may come and go in a session; tasks and extensions where a server has them.
 */
export function vmcpCapabilities(parts: readonly ServerPart[]): JsonObject {
  const capabilities: JsonObject = {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    logging: {},
    completions: {},
  };
  for (const key of ['tasks', 'experimental', 'extensions']) {
    const values = parts
      .map(({ catalog }) => catalog?.capabilities[key])
      .filter((value) => isJsonObject(value));
    const [first, ...rest] = values;
    if (first) capabilities[key] = rest.reduce((all, value) => merge(all, value, 0), first);
  }
  return capabilities;
}

/** Members of both; where both have one that is no object, the first holds. */
function merge(first: JsonObject, second: JsonObject, depth: number): JsonObject {
  const merged = new Map<string, JsonValue | undefined>(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const known = merged.get(key);
    if (known === undefined) merged.set(key, value);
    else if (isJsonObject(known) && isJsonObject(value) && depth < maxDepth) {
      merged.set(key, merge(known, value, depth + 1));
    }
  }
  return Object.fromEntries(merged);
}
