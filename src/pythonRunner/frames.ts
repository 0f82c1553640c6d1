import { Buffer } from 'node:buffer';

/*
 * Server and runner talk through the runner's standard input and output.
 * Request: length (4 bytes, little-endian), that many bytes of JSON.
 * Message back: length of the header, length of the body (4 bytes each), the header as JSON, the body.
 */

/** What the runner says in a message's header. A message without a header is what the code prints. */
export type RunnerMessage =
  /** The interpreter is up. */
  | { type: 'ready' }
  /** The answer to the request; the body is what the Python part made of it. */
  | { type: 'reply'; printed: string }
  /** The call's leftovers are gone; if reusable, the next request may come. */
  | { type: 'idle'; reusable: boolean };

/** @param header undefined for printed text */
export function encodeMessage(
  header: RunnerMessage | undefined,
  body: Uint8Array = new Uint8Array(),
): Buffer {
  const head = Buffer.from(header ? JSON.stringify(header) : '');
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(head.byteLength, 0);
  lengths.writeUInt32LE(body.byteLength, 4);
  return Buffer.concat([lengths, head, body]);
}

/** The requests in a stream of chunks. */
export async function* readRequests(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    size += chunk.byteLength;
    let wanted = wantedBytes(chunks);
    while (wanted !== undefined && size >= wanted) {
      const all = Buffer.concat(chunks);
      yield all.subarray(4, wanted);
      chunks = [all.subarray(wanted)];
      size -= wanted;
      wanted = wantedBytes(chunks);
    }
  }
}

/** Length of the first request with its prefix; undefined while even that is incomplete. */
function wantedBytes(chunks: Buffer[]): number | undefined {
  const first = chunks[0];
  if (first === undefined) return undefined;
  if (first.byteLength < 4) {
    const all = Buffer.concat(chunks);
    chunks.splice(0, chunks.length, all);
    return all.byteLength < 4 ? undefined : all.readUInt32LE(0) + 4;
  }
  return first.readUInt32LE(0) + 4;
}
