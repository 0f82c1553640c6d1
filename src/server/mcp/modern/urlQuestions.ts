import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { type RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { mayAsk } from '../../protocol/inputRounds.ts';
import { missingCapability } from './modernFailure.ts';

const question = 'elicitation/create';

/**
 * −32042 of the session era says that the user has to open an address first. Here that is a question,
 * after which the client repeats the call; there is nothing to be kept meanwhile.
 * @returns `inputRequests`; −32021 where the client cannot open addresses; undefined where the error is
 *   another one
 */
export function urlQuestions(
  method: string,
  error: RpcError,
  { elicitation }: JsonObject,
): JsonObject | RpcError | undefined {
  if (error.code !== rpcCodes.urlElicitationRequired) return undefined;
  if (!mayAsk(method) || !isJsonObject(error.data) || !Array.isArray(error.data.elicitations)) {
    return undefined;
  }
  const asked = error.data.elicitations.filter(isJsonObject);
  if (asked.length === 0) return undefined;
  if (!isJsonObject(elicitation) || !isJsonObject(elicitation.url)) {
    return missingCapability(question, { mode: 'url' });
  }
  return Object.fromEntries(
    asked.map(({ elicitationId: _, ...params }, n) => [
      `u${n}`,
      { method: question, params: { ...params, mode: 'url' } },
    ]),
  );
}
