import type { Readable } from 'node:stream';
import * as z from 'zod';

const header = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('printed') }),
  z.object({ type: z.literal('reply'), printed: z.string() }),
  z.object({ type: z.literal('idle'), reusable: z.boolean() }),
]);

/** A message of the runner: a header and, with a reply or printed text, the bytes that Python made. */
export interface RunnerOutput {
  header: z.infer<typeof header>;
  body: Buffer;
}

/** More than any message has. */
const mostBytes = 20 << 20;

/**
 * Reads the runner's messages: two lengths of 4 bytes, little-endian, then that many bytes of header
 * (JSON; none for printed text) and of body. `onBroken` is called once for what is no such message; nothing is read after it.
 */
export function readRunnerOutput(
  output: Readable,
  onMessage: (message: RunnerOutput) => void,
  onBroken: (error: unknown) => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 8;
  const read = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.byteLength;
    while (size >= wanted) {
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      const headerEnd = 8 + all.readUInt32LE(0);
      const end = headerEnd + all.readUInt32LE(4);
      if (end > mostBytes) throw new Error(`a message of ${end} bytes`);
      if (size >= end) {
        onMessage({
          header: readHeader(all.subarray(8, headerEnd)),
          body: all.subarray(headerEnd, end),
        });
        chunks = [all.subarray(end)];
        size -= end;
        wanted = 8;
      } else {
        chunks = [all];
        wanted = end;
      }
    }
  };
  const onData = (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (error) {
      output.off('data', onData);
      onBroken(error);
    }
  };
  output.on('data', onData);
}

function readHeader(bytes: Buffer): RunnerOutput['header'] {
  return bytes.byteLength === 0
    ? { type: 'printed' }
    : header.parse(JSON.parse(bytes.toString('utf8')));
}
