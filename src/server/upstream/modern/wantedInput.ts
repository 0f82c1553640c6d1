import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { isAskable, mayAsk } from '../../protocol/inputRounds.ts';
import type { Caller } from '../caller.ts';
import { UpstreamError } from '../upstreamError.ts';

const maxRequests = 32;

/** What a server wants before it goes on with a call (MCP 2026-07-28, basic/patterns/mrtr). */
export interface WantedInput {
  requests: ReadonlyMap<string, JsonObject>;
  /** Goes back as it is; undefined: none. */
  state: string | undefined;
}

/**
 * What a result wants of the client; undefined for a result that is one.
 * @throws UpstreamError where it is neither
 */
export function wantedInput(
  result: JsonObject,
  method: string,
  serverName: string,
): WantedInput | undefined {
  const { resultType, inputRequests, requestState } = result;
  if (resultType === undefined || resultType === 'complete') return undefined;
  const wrong = (text: string) =>
    new UpstreamError(
      'protocol',
      serverName,
      `Server "${serverName}" ${text}. Report this to its author.`,
    );
  if (resultType !== 'input_required') {
    throw wrong(`answered ${method} with the unknown result type ${JSON.stringify(resultType)}`);
  }
  if (!mayAsk(method)) throw wrong(`wants input for ${method}, which must not ask`);
  const requests = requestsOf(inputRequests);
  if (requests === undefined) throw wrong('wants input in a form that is none');
  if (requestState !== undefined && typeof requestState !== 'string') {
    throw wrong('gave a requestState that is no string');
  }
  if (requests.size === 0 && requestState === undefined)
    throw wrong('wants input, but asks nothing');
  return { requests, state: requestState };
}

/**
 * Asks the client all questions at once.
 * @returns `inputResponses`
 * @throws UpstreamError where one of them gets no answer: there is no way to tell the server so
 */
export async function askAll(
  { requests }: WantedInput,
  caller: Caller,
  signal: AbortSignal,
  serverName: string,
): Promise<JsonObject> {
  const others = new AbortController();
  const either = AbortSignal.any([signal, others.signal]);
  try {
    const answers = await Promise.all(
      [...requests].map(async ([key, { method, params }]): Promise<[string, JsonValue]> => {
        const question = isJsonObject(params) ? params : undefined;
        return [key, await caller.ask(String(method), asSessionQuestion(question), either)];
      }),
    );
    return Object.fromEntries(answers);
  } catch (error) {
    signal.throwIfAborted();
    others.abort(new Error('another question of the same call got no answer'));
    const reason = error instanceof Error ? error.message : String(error);
    const text = `Server "${serverName}" asked its client something in order to go on, and got no answer: ${reason}`;
    throw new UpstreamError('unanswered', serverName, text, { cause: error });
  }
}

/** @returns undefined where they are none */
function requestsOf(value: JsonValue | undefined): Map<string, JsonObject> | undefined {
  if (value === undefined) return new Map();
  if (!isJsonObject(value)) return undefined;
  const requests = new Map<string, JsonObject>();
  for (const [key, request] of Object.entries(value)) {
    if (!isJsonObject(request) || !isAskable(String(request.method))) return undefined;
    requests.set(key, request);
  }
  return requests.size > maxRequests ? undefined : requests;
}

/**
 * As the session era asks it: an address to be opened has an id there, and clients before 2025-11-25 know
 * forms only, without a word for them.
 */
function asSessionQuestion(params: JsonObject | undefined): JsonObject | undefined {
  if (params?.mode === 'url') return { ...params, elicitationId: randomUUID() };
  if (params?.mode !== 'form') return params;
  const { mode: _, ...rest } = params;
  return rest;
}
