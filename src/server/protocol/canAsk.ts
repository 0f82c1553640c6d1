import { isJsonObject, type JsonObject } from '../../contract/json.ts';

/**
 * Whether a client that declared `capabilities` can be asked this (MCP 2025-11-25, client features).
 * Methods not known here are left to the client to refuse.
 */
export function canAsk(
  capabilities: JsonObject,
  method: string,
  params: JsonObject | undefined,
): boolean {
  switch (method) {
    case 'roots/list':
      return isJsonObject(capabilities.roots);
    case 'sampling/createMessage': {
      const { sampling } = capabilities;
      if (!isJsonObject(sampling)) return false;
      return params?.tools === undefined || isJsonObject(sampling.tools);
    }
    case 'elicitation/create':
      return canElicit(capabilities.elicitation, params?.mode === 'url' ? 'url' : 'form');
    case 'tasks/get':
    case 'tasks/result':
    case 'tasks/list':
    case 'tasks/cancel':
      return isJsonObject(capabilities.tasks);
    default:
      return true;
  }
}

/** `elicitation: {}` is how clients before 2025-11-25 say “forms”. */
function canElicit(elicitation: unknown, mode: 'form' | 'url'): boolean {
  if (!isJsonObject(elicitation)) return false;
  if (mode === 'url') return isJsonObject(elicitation.url);
  return isJsonObject(elicitation.form) || !isJsonObject(elicitation.url);
}
