import type { IncomingMessage } from 'node:http';
import { isJsonObject } from '../../contract/json.ts';
import type { EventStreamParser } from './eventStreamParser.ts';
import { type MessageOrigin, maxMessageBytes } from './transport.ts';

/** Reads a stream to its end, or until an event is too large. @returns the error where it broke off */
export async function readEvents(
  response: IncomingMessage,
  parser: EventStreamParser,
): Promise<Error | undefined> {
  parser.restart();
  try {
    for await (const chunk of response) {
      parser.push(chunk);
      if (parser.pendingBytes > maxMessageBytes) break;
    }
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** The JSON value; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the answer to the request `id` is in it. */
export function answers(value: unknown, id: MessageOrigin): boolean {
  if (Array.isArray(value)) return value.some((item) => answers(item, id));
  return isJsonObject(value) && value.id === id && !('method' in value);
}
