import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';

/** How far a stream was read: where to resume it, and how long to wait before. */
export interface StreamPosition {
  lastEventId: string | undefined;
  retryMs: number | undefined;
}

/**
 * Reads server-sent events to the end of the stream, or to where it breaks: both mean the same,
 * since a stream is complete only when the answers it owes have come.
 * @param onData gets the data of each event that has any, in order
 */
export async function readEventStream(
  stream: IncomingMessage,
  position: StreamPosition,
  onData: (data: string) => void,
): Promise<void> {
  const parser = createParser({
    onEvent: (event) => {
      if (event.id !== undefined) position.lastEventId = event.id;
      // The first event of a stream may hold nothing but its id (MCP 2025-11-25, transports).
      if (event.data !== '') onData(event.data);
    },
    onRetry: (ms) => {
      position.retryMs = ms;
    },
  });
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<string>) parser.feed(chunk);
  } catch {
    // Cut: the caller resumes.
  }
}

/** The whole body of a reply. */
export async function readBody(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
