import type { IncomingMessage } from 'node:http';

/** A body beyond the limit; the rest of it was not read. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';

  constructor(readonly bytes: number) {
    super(`more than ${bytes} bytes`);
  }
}

/** Reads a body as text. @throws BodyTooLargeError; NodeJS.ErrnoException where it breaks off */
export async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) {
      response.destroy();
      throw new BodyTooLargeError(length);
    }
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

/** The start of a body, for error messages; never fails. */
export async function readExcerpt(response: IncomingMessage): Promise<string> {
  const maxBytes = 64 * 1024;
  try {
    return await readText(response, maxBytes);
  } catch {
    // The status alone then has to do.
    return '';
  }
}

/** `text/event-stream; charset=utf-8` → `text/event-stream`. */
export function mediaType(response: IncomingMessage): string {
  return (response.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
