import type { Readable } from 'node:stream';
import type { Response } from 'node-fetch';
import { RequestError } from './requestError.ts';

/** The body of an answer, whole. @throws RequestError beyond `maxBytes`; the stream's error */
export async function readAnswer(response: Response, maxBytes: number): Promise<Buffer> {
  const stream = response.body as Readable | null;
  if (!stream) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break; // ends the stream, and the connection with it
  }
  if (length <= maxBytes) return Buffer.concat(chunks, length);
  throw new RequestError(
    `The answer (${statusLine(response)}) is larger than ${maxBytes} bytes and was cut off; ask for less, or raise max_response_bytes`,
  );
}

/** `404 Not Found` */
export function statusLine({ status, statusText }: Response): string {
  return `${status} ${statusText}`.trim();
}
