import type { IncomingMessage } from 'node:http';
import { HttpError } from './httpError.ts';

const mebibyte = 1024 * 1024;

/** Largest bodies, in bytes. MCP messages may carry files; REST bodies are configuration. */
export const bodyLimits = { rest: 4 * mebibyte, mcp: 16 * mebibyte } as const;

/**
 * Receives a whole body.
 * @throws HttpError 413 over `limit` bytes (the rest is discarded), 415 for a compressed body,
 *   400 where the client went away
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return Promise.reject(
      new HttpError(415, 'Unsupported content encoding', 'Bodies must not be compressed.'),
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    return Promise.reject(tooLarge(limit));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: Error) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      request.resume(); // what still comes is dropped, so that the client can read the answer
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return fail(tooLarge(limit));
      chunks.push(chunk);
    };
    const onEnd = () => {
      request.off('close', onClose).off('error', onClose);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    };
    const onClose = () => fail(new HttpError(400, 'Incomplete body', 'The connection was closed.'));
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

function tooLarge(limit: number): HttpError {
  return new HttpError(
    413,
    'Body too large',
    `The body is larger than ${limit / mebibyte} MiB, the most this address takes.`,
  );
}
