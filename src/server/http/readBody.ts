import type { IncomingMessage } from 'node:http';
import { HttpError } from './httpError.ts';

const mebibyte = 1024 * 1024;

/** Largest bodies, in bytes. MCP messages may carry files; most REST bodies are configuration. */
export const bodyLimits = {
  rest: 4 * mebibyte,
  /** Documents to be imported. */
  import: 32 * mebibyte,
  /** Content of a resource. */
  content: 10 * mebibyte,
  mcp: 16 * mebibyte,
} as const;

/**
 * Receives a whole body.
 * @throws HttpError 413 over `limit` bytes (the rest is discarded), 415 for a compressed body,
 *   400 where the client went away
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  checkHeaders(request, limit);
  await undefined; // what came together with the head is parsed by then, which mostly is all
  if (!request.complete) return gatherBody(request, limit);
  const body: Buffer | null = request.read();
  if (body === null) return Buffer.alloc(0);
  if (body.length > limit) throw tooLarge(limit);
  return body;
}

/** The same for a body that comes in pieces. */
function gatherBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0; // what still comes is dropped, so that the client can read the answer
        reject(tooLarge(limit));
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => {
      if (request.complete) return;
      reject(new HttpError(400, 'Incomplete body', 'The connection was closed.'));
    });
  });
}

/**
 * A body as it comes, with the same errors while it is read.
 * @throws HttpError 413, 415
 */
export async function* bodyChunks(
  request: IncomingMessage,
  limit: number,
): AsyncGenerator<Uint8Array> {
  checkHeaders(request, limit);
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, 'Incomplete body', 'The connection was closed.');
  } finally {
    request.resume(); // what still comes is dropped, so that the client can read the answer
  }
}

function checkHeaders(request: IncomingMessage, limit: number): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpError(415, 'Unsupported content encoding', 'Bodies must not be compressed.');
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    throw tooLarge(limit);
  }
}

function tooLarge(limit: number): HttpError {
  return new HttpError(
    413,
    'Body too large',
    `The body is larger than ${limit / mebibyte} MiB, the most this address takes.`,
  );
}
