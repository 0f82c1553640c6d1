import type { RequestId } from '../../contract/jsonRpc.ts';

const quote = 0x22;
const backslash = 0x5c;
const maxToken = 512;

/**
 * Finds the `id` of a JSON-RPC message while its bytes stream past, without keeping them: for messages
 * that are too large to be parsed. Servers write the id first or last.
 */
export class TopLevelIdScanner {
  #id: RequestId | undefined;
  #hasMethod = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Text of the key or value being read at the top level; undefined where it is of no interest. */
  #token: string | undefined;
  #key: string | undefined;

  /** The id, once it was seen; undefined also where it is no string or number. */
  get id(): RequestId | undefined {
    return this.#id;
  }

  /** Whether a top-level `method` was seen: then the message is no reply. */
  get hasMethod(): boolean {
    return this.#hasMethod;
  }

  push(bytes: Uint8Array): void {
    // Most bytes of a large message are text of no interest; where its next quote and backslash stand is
    // looked up once for each.
    const quotes = new Finder(bytes, quote);
    const escapes = new Finder(bytes, backslash);
    for (let index = 0; index < bytes.length; index++) {
      if (this.#inString && this.#token === undefined && !this.#escaped) {
        index = Math.min(quotes.from(index), escapes.from(index));
        if (index === bytes.length) return;
      }
      const byte = bytes[index] as number;
      if (this.#inString) this.#stringByte(byte);
      else this.#structureByte(byte);
    }
  }

  #stringByte(byte: number): void {
    if (this.#token !== undefined) this.#append(byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }

  #structureByte(byte: number): void {
    switch (byte) {
      case quote:
        this.#inString = true;
        break;
      case 0x7b: // {
      case 0x5b: // [
        this.#depth++;
        this.#token = this.#depth === 1 && byte === 0x7b ? '' : undefined;
        return;
      case 0x7d: // }
      case 0x5d: // ]
        if (this.#depth === 1) this.#endValue();
        this.#depth--;
        this.#token = undefined;
        return;
      case 0x3a: // :
        if (this.#depth === 1) this.#endKey();
        return;
      case 0x2c: // ,
        if (this.#depth === 1) {
          this.#endValue();
          this.#token = '';
        }
        return;
    }
    if (this.#depth === 1 && this.#token !== undefined) this.#append(byte);
  }

  #append(byte: number): void {
    this.#token += String.fromCharCode(byte);
    if ((this.#token as string).length > maxToken) this.#token = undefined;
  }

  #endKey(): void {
    this.#key = parsed(this.#token) as string | undefined;
    if (this.#key === 'method') this.#hasMethod = true;
    this.#token = this.#key === 'id' ? '' : undefined;
  }

  #endValue(): void {
    if (this.#key === 'id') {
      const id = parsed(this.#token);
      this.#id = typeof id === 'string' || typeof id === 'number' ? id : undefined;
    }
    this.#key = undefined;
  }
}

/** The token's bytes were gathered as Latin-1 characters; ids beyond ASCII are decoded here. */
function parsed(token: string | undefined): unknown {
  if (token === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(token, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Finds one byte again and again, reading each part of the bytes once. */
class Finder {
  #found = -1;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly byte: number,
  ) {}

  /** The first place at or after `index`, which never decreases; the length where there is none. */
  from(index: number): number {
    if (this.#found < index) {
      const found = this.bytes.indexOf(this.byte, index);
      this.#found = found === -1 ? this.bytes.length : found;
    }
    return this.#found;
  }
}
