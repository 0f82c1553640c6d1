import { TopLevelIdScanner } from './topLevelId.ts';

const newline = 0x0a;
/** From this size on a line is also scanned for its id, in case it turns out too large to be kept. */
const suspiciousBytes = 1024 * 1024;

export interface LineListener {
  /** Without its newline; may be empty. */
  line(text: string): void;
  /** A line beyond the limit, which was not kept. */
  oversize(bytes: number, id: TopLevelIdScanner): void;
}

/**
 * Cuts a stream of bytes into lines. A line within one chunk is decoded where it lies; one that spans
 * chunks is put together once, at its end; one beyond `maxBytes` is dropped as it comes.
 */
export class LineScanner {
  #parts: Uint8Array[] = [];
  #length = 0;
  #ids: TopLevelIdScanner | undefined;

  constructor(
    private readonly maxBytes: number,
    private readonly listener: LineListener,
  ) {}

  /** Bytes of the line that has no end yet. */
  get pendingBytes(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      if (end === -1) break;
      if (this.#length === 0 && end - start <= this.maxBytes) {
        this.listener.line(chunk.toString('utf8', start, end));
      } else {
        this.#keep(chunk.subarray(start, end));
        this.#finish();
      }
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(start === 0 ? chunk : chunk.subarray(start));
  }

  /** The stream has ended: what stands after the last newline is a line, too. */
  end(): void {
    if (this.#length > 0) this.#finish();
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#ids !== undefined) this.#ids.push(bytes);
    if (this.#length > this.maxBytes) {
      this.#ids ??= this.#scanKept(bytes);
      this.#parts = [];
      return;
    }
    this.#parts.push(bytes);
    if (this.#ids === undefined && this.#length > suspiciousBytes) this.#ids = this.#scanKept();
  }

  #scanKept(last?: Uint8Array): TopLevelIdScanner {
    const ids = new TopLevelIdScanner();
    for (const part of this.#parts) ids.push(part);
    if (last !== undefined) ids.push(last);
    return ids;
  }

  #finish(): void {
    const length = this.#length;
    const parts = this.#parts;
    const ids = this.#ids;
    this.#parts = [];
    this.#length = 0;
    this.#ids = undefined;
    if (length > this.maxBytes && ids !== undefined) this.listener.oversize(length, ids);
    else this.listener.line(Buffer.concat(parts, length).toString('utf8'));
  }
}
