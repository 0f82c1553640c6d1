import { StringDecoder } from 'node:string_decoder';

const keptLines = 200;
const maxLine = 4096;
const batchMs = 100;

/** The last 200 lines that a server's processes wrote to stderr, told on in batches. */
export class StderrTail {
  readonly #lines: string[] = [];
  #fresh: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param publish gets new lines, at most every 100 ms and at most the last 200 of them */
  constructor(private readonly publish: (lines: string[]) => void) {}

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes the bytes of one process; `redact` takes secrets out of a line. */
  writer(redact: (line: string) => string): (chunk: Buffer) => void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    return (chunk) => {
      const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
      rest = (lines.pop() ?? '').slice(0, maxLine);
      // Of a flood only the end is kept, so only the end is looked at.
      for (const line of lines.slice(-keptLines)) this.#add(redact(line.slice(0, maxLine)));
    };
  }

  /** Tells what is left to be told. */
  close(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    this.#fresh.push(line);
    if (this.#fresh.length > keptLines) this.#fresh.shift();
    this.#timer ??= setTimeout(() => this.#flush(), batchMs).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#fresh.length === 0) return;
    const lines = this.#fresh;
    this.#fresh = [];
    this.publish(lines);
  }
}
