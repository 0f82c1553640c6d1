import { Buffer } from 'node:buffer';

/** What Python code printed, up to a limit, so that a flood of it costs nothing. */
export class PrintedText {
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #bytes = 0;

  constructor(private readonly mostBytes: number) {}

  /** Takes what a file descriptor got; the buffer belongs to the caller. @returns what was taken: all of it */
  readonly write = (buffer: Uint8Array): number => {
    const room = this.mostBytes - this.#kept;
    if (room > 0) {
      const chunk = buffer.slice(0, room);
      this.#chunks.push(chunk);
      this.#kept += chunk.byteLength;
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
    return left === 0 ? text : `${text}\n… ${left} more bytes were printed`;
  }
}
