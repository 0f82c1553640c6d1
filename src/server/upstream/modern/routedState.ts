import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { invalidState } from '../../protocol/invalidState.ts';

/** Longer ones are not carried through clients. */
const maxStateLength = 64 * 1024;

/** What a client that repeats calls by itself sends with a repetition. */
export interface Repetition {
  inputResponses?: JsonValue | undefined;
  /** As `routed` made it; undefined in the first request. */
  requestState?: string | undefined;
}

/**
 * A result that wants input, with the server it comes from in its state, so that the repetition goes
 * nowhere else; a state always stands in it.
 * @returns undefined where the server's own state is too long
 */
export function routed(result: JsonObject, serverId: string): JsonObject | undefined {
  const { requestState } = result;
  if (typeof requestState === 'string' && requestState.length > maxStateLength) return undefined;
  return { ...result, requestState: JSON.stringify([serverId, requestState ?? null]) };
}

/** The server that a routed state is of. */
export function serverOf(state: string): string | undefined {
  return read(state)?.[0];
}

/**
 * What is sent to the server with a repetition: its own state, byte for byte, or none.
 * @throws RpcError −32602 where the state is another server's
 */
export function repeated(
  { inputResponses, requestState }: Repetition,
  serverId: string,
): JsonObject {
  const responses = isJsonObject(inputResponses) ? { inputResponses } : {};
  if (requestState === undefined) return responses;
  const [origin, state] = read(requestState) ?? [];
  if (origin === serverId) return { ...responses, ...(state !== null && { requestState: state }) };
  throw invalidState();
}

function read(state: string): [string, string | null] | undefined {
  const value: unknown = JSON.parse(state);
  if (!Array.isArray(value)) return undefined;
  const [serverId, own] = value;
  return typeof serverId === 'string' && (own === null || typeof own === 'string')
    ? [serverId, own]
    : undefined;
}
