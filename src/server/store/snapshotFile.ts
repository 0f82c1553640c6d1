import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Ends each snapshot, after a CRC-32 of the database before it; SQLite ignores such a rest. */
const mark = Buffer.from('vMCP-end');
const tailLength = 4 + mark.length;

/** Writes a database with its checksum; on the disk when it returns. For the worker: it blocks. */
export function writeSnapshot(file: string, database: Uint8Array): void {
  const tail = Buffer.alloc(tailLength);
  tail.writeUInt32LE(crc32(database));
  mark.copy(tail, 4);
  const descriptor = openSync(file, 'w', 0o600);
  try {
    writeAll(descriptor, database);
    writeAll(descriptor, tail);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * @returns the database in a snapshot; undefined where the file is not as it was written.
 * @throws the system's error where it cannot be read.
 */
export function readSnapshot(file: string): Uint8Array | undefined {
  const content = readFileSync(file);
  const end = content.length - tailLength;
  if (end < 0 || mark.compare(content, end + 4) !== 0) return undefined;
  const database = content.subarray(0, end);
  return crc32(database) === content.readUInt32LE(end) ? database : undefined;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}
