import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Fastest: log texts repeat each other, so that even this leaves an eighth of them or less. */
const level = 1;

/** Texts of log rows as the database holds them: the memory, and every snapshot, is so much smaller. */
export function packTexts(texts: Uint8Array): Uint8Array {
  return deflateRawSync(texts, { level });
}

export function unpackTexts(packed: unknown): Buffer {
  if (!(packed instanceof Uint8Array)) throw new Error('a log row has no text');
  return inflateRawSync(packed);
}
