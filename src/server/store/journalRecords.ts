import { crc32 } from 'node:zlib';

/** Begins each record. 0xF5 never occurs in UTF-8, so no payload can hold it. */
const mark = Buffer.from([0xf5, 0x76, 0x4a, 0x31]);
/** Mark, length of the payload and its CRC-32, four bytes each, little endian. */
const headLength = 12;

/** A value as one record of the journal; see `encodePayload`. */
export function encodeRecord(value: unknown): Buffer<ArrayBuffer> {
  return encodePayload(JSON.stringify(value));
}

/**
 * A text, or its bytes, as one record of the journal.
 * @returns a buffer that owns its memory, so that it can be transferred to a thread.
 */
export function encodePayload(payload: string | Uint8Array): Buffer<ArrayBuffer> {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const record = Buffer.allocUnsafeSlow(headLength + bytes.length);
  record.set(bytes, headLength);
  mark.copy(record);
  record.writeUInt32LE(record.length - headLength, 4);
  record.writeUInt32LE(crc32(record.subarray(headLength)), 8);
  return record;
}

/** The text of a whole record, as bytes in the record's own memory. */
export function payloadOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset + headLength, byteLength - headLength);
}

export interface JournalContent {
  /** Whole, undamaged records in order. */
  records: Buffer[];
  /** What stands before a later undamaged record but is none itself. */
  damaged: Buffer[];
  /** Bytes at the end that are no record: a write that was cut off. */
  tornBytes: number;
}

/** Takes a journal apart; never throws, whatever the bytes are. */
export function readJournal(file: Buffer): JournalContent {
  const content: JournalContent = { records: [], damaged: [], tornBytes: 0 };
  let at = 0;
  while (at < file.length) {
    const record = recordAt(file, at);
    if (record) {
      content.records.push(record);
      at += record.length;
      continue;
    }
    const next = nextRecord(file, at + 1);
    if (next === undefined) {
      content.tornBytes = file.length - at;
      return content;
    }
    content.damaged.push(file.subarray(at, next));
    at = next;
  }
  return content;
}

function recordAt(file: Buffer, at: number): Buffer | undefined {
  if (at + headLength > file.length) return undefined;
  if (mark.compare(file, at, at + mark.length) !== 0) return undefined;
  const end = at + headLength + file.readUInt32LE(at + 4);
  if (end > file.length) return undefined;
  if (crc32(file.subarray(at + headLength, end)) !== file.readUInt32LE(at + 8)) return undefined;
  return file.subarray(at, end);
}

function nextRecord(file: Buffer, from: number): number | undefined {
  for (let at = file.indexOf(mark, from); at !== -1; at = file.indexOf(mark, at + 1)) {
    if (recordAt(file, at)) return at;
  }
  return undefined;
}
