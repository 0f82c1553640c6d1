import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { abortSignalOf } from '../../cancellation.ts';
import { errorResult } from '../../tools/errorResult.ts';
import type { Operation } from './operation.ts';
import type { RelayCaller } from './relayCaller.ts';

const question = 'elicitation/create';
const maxAddresses = 4;

/**
 * A server wants its user to open addresses before it does what was called (−32042, MCP 2025-11-25
 * client/elicitation), and the client cannot: VS Code does, one after the other, and the model is told
 * to call again. How long it takes until the server is content, nobody knows.
 * @returns undefined where it is another error, or one for the client
 */
export async function openAddresses(
  { request, editor }: Operation,
  caller: RelayCaller,
  error: unknown,
): Promise<JsonObject | undefined> {
  if (!(error instanceof RpcError) || error.code !== rpcCodes.urlElicitationRequired) {
    return undefined;
  }
  const { elicitations } = isJsonObject(error.data) ? error.data : {};
  const asked = Array.isArray(elicitations) ? elicitations.filter(isJsonObject) : [];
  const clientCan = caller.canAnswer(question, { mode: 'url' });
  const answers = editor.whoAnswers(request.vmcpId, question, { mode: 'url' }, clientCan);
  if (answers === 'client' || asked.length === 0) return undefined;
  for (const params of asked.slice(0, maxAddresses)) {
    const signal = abortSignalOf(request.signal);
    const { action } = await caller.ask(question, { ...params, mode: 'url' }, signal);
    if (action !== 'accept') {
      return errorResult(`${error.message} The user did not open the address in VS Code.`);
    }
  }
  return errorResult(
    `${error.message} The address was opened in VS Code. Call again when the user is done there.`,
  );
}
