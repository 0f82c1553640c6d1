import type { HttpTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { ToolContext, ToolOutcome } from '../toolRun.ts';
import { type AnswerContent, answerContent } from './answerContent.ts';
import { answerResult, errorResult, refusalResult } from './answerResult.ts';
import type { HttpAgents } from './httpAgents.ts';
import { describeRequest, type PreparedRequest, prepareRequest } from './preparedRequest.ts';
import { readAnswer } from './readAnswer.ts';
import { RequestError } from './requestError.ts';
import { requestFailure } from './requestFailure.ts';
import { type SentRequest, sendRequest } from './sendRequest.ts';

export interface HttpToolOptions {
  agents: HttpAgents;
  /** Replaces the secrets known to the server in a text. */
  mask: (text: string) => string;
}

/**
 * Sends the request that an HTTP tool describes. What goes wrong with it (no such host, status 400
 * and above, time or size limit) is a result with `isError`, which the model can read.
 * @param context its `arguments` are checked and converted by `convertArguments`
 * @throws TemplateError where the definition cannot be rendered; the reason of `context.signal`
 */
export async function runHttpTool(
  tool: HttpTool,
  context: Pick<ToolContext, 'render' | 'signal'>,
  options: HttpToolOptions,
): Promise<ToolOutcome> {
  let request: PreparedRequest;
  let resolved_request: JsonObject;
  try {
    request = await prepareRequest(tool, context);
    resolved_request = describeRequest(request, options.mask);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { result: errorResult(options.mask(error.message)) };
  }
  context.signal.throwIfAborted();
  return { result: await answerOf(tool, request, context, options), resolved_request };
}

interface Answer {
  sent: SentRequest;
  content: AnswerContent;
}

async function answerOf(
  tool: HttpTool,
  request: PreparedRequest,
  context: Pick<ToolContext, 'render' | 'signal'>,
  options: HttpToolOptions,
): Promise<JsonObject> {
  const answer = await exchange(tool, request, context.signal, options);
  if (typeof answer === 'string') return errorResult(answer);
  const { response, redirectedTo } = answer.sent;
  return response.status >= 400
    ? refusalResult(response, answer.content, redirectedTo)
    : await answerResult(tool, response, answer.content, context);
}

/** Sends the request and reads the answer, all of it within the tool's time; or why there is none. */
async function exchange(
  { api_config: { timeout_s, max_response_bytes, allow_link_local = false } }: HttpTool,
  request: PreparedRequest,
  ended: AbortSignal,
  { agents, mask }: HttpToolOptions,
): Promise<Answer | string> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout_s * 1000);
  const signal = AbortSignal.any([ended, limit.signal]);
  try {
    const sending = { agents, mask, signal, allowLinkLocal: allow_link_local };
    const sent = await sendRequest(request, sending);
    const bytes = await readAnswer(sent.response, max_response_bytes);
    return { sent, content: answerContent(bytes, sent.response.headers.get('content-type')) };
  } catch (error) {
    ended.throwIfAborted();
    const { origin } = new URL(request.url.base);
    const reason = limit.signal.aborted
      ? `No complete answer from ${origin} within ${timeout_s} s (timeout_s)`
      : requestFailure(error, origin);
    if (reason === undefined) throw error;
    return mask(reason);
  } finally {
    clearTimeout(timer);
  }
}
