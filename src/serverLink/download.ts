import { type Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { errorBodySchema } from '../contract/common.ts';
import { RestError } from './restError.ts';

export interface DownloadRequest {
  port: number;
  token: string;
  path: string;
  /** Ends the download, also while it is read. */
  signal: AbortSignal;
}

/**
 * A GET whose answer may be large and of any type.
 * @returns the answer's body as it arrives; reading it fails where the connection breaks
 * @throws RestError as the server refused it; Error where it is not reached
 */
export async function download(
  agent: Agent,
  { port, token, path, signal }: DownloadRequest,
): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    request({ host: '127.0.0.1', port, path, agent, signal, headers }, resolve)
      .on('error', reject)
      .end();
  });
  const status = answer.statusCode ?? 0;
  if (status < 400) return answer;
  const refusal = errorBodySchema.safeParse(JSON.parse(await text(answer))).data;
  throw new RestError(status, refusal?.error ?? `HTTP status ${status}`, refusal?.detail ?? path);
}
