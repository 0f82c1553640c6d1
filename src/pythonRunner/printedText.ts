import { Buffer } from 'node:buffer';

/** So many writes are told at once each; a tool that writes more often is told of by the block. */
const promptWrites = 1_000;
const blockBytes = 4 << 10;

/** What Python code printed, up to a limit, so that a flood of it costs nothing. */
export class PrintedText {
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #bytes = 0;
  #writes = 0;
  #untold: Uint8Array[] = [];
  #untoldBytes = 0;

  /** @param tell gets what is kept while the code runs, for the case that it never ends */
  constructor(
    private readonly mostBytes: number,
    private readonly tell: (text: Uint8Array) => void,
  ) {}

  /** Takes what a file descriptor got; the buffer belongs to the caller. @returns what was taken: all of it */
  readonly write = (buffer: Uint8Array): number => {
    const room = this.mostBytes - this.#kept;
    if (room > 0) {
      const chunk = buffer.slice(0, room);
      this.#chunks.push(chunk);
      this.#kept += chunk.byteLength;
      this.#tellOf(chunk);
    }
    this.#bytes += buffer.byteLength;
    return buffer.byteLength;
  };

  /** Everything since the last call, with a note where something had to be left out. */
  take(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    const left = this.#bytes - this.#kept;
    this.#chunks = [];
    this.#kept = 0;
    this.#bytes = 0;
    this.#writes = 0;
    this.#untold = [];
    this.#untoldBytes = 0;
    return left === 0 ? text : `${text}\n… ${left} more bytes were printed`;
  }

  #tellOf(chunk: Uint8Array): void {
    this.#writes += 1;
    this.#untold.push(chunk);
    this.#untoldBytes += chunk.byteLength;
    if (this.#writes > promptWrites && this.#untoldBytes < blockBytes) return;
    this.tell(Buffer.concat(this.#untold));
    this.#untold = [];
    this.#untoldBytes = 0;
  }
}
