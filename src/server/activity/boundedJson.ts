import type { JsonValue } from '../../contract/json.ts';

/** The beginning of a value's JSON text. */
export interface BoundedJson {
  /** At most as long as asked for. */
  text: string;
  /** Whether `text` is the whole. */
  complete: boolean;
  /** Size of the whole, in bytes of UTF-8; a lower bound for values too large to be walked. */
  bytes: number;
}

/** So much of a value is looked at, whatever its size: a result of 64 MiB must not stall the server. */
const maxNodes = 5_000;
const maxDepth = 200;
/** Longer strings are counted by their length alone. */
const exactStringLength = 64 * 1024;

/** JSON.stringify that stops writing after `maxLength` characters, and counting soon after. */
export function boundedJson(value: JsonValue, maxLength: number): BoundedJson {
  const writer = new BoundedWriter(maxLength);
  writer.value(value, 1);
  return { text: writer.text, complete: writer.complete, bytes: writer.bytes };
}

/**
 * The JSON text of a value that takes at most `maxBytes` of UTF-8 and is not nested beyond reason;
 * undefined for others, which are looked at no further than that.
 */
export function smallJson(value: JsonValue, maxBytes: number): string | undefined {
  if (roomBeside(value, maxBytes, 1) < 0) return undefined;
  const text = JSON.stringify(value);
  const mayBeLarger = text.length * 3 > maxBytes;
  return mayBeLarger && Buffer.byteLength(text) > maxBytes ? undefined : text;
}

/** What a value leaves of `room`, at most; negative where it is larger. */
function roomBeside(value: JsonValue | undefined, room: number, depth: number): number {
  if (depth > maxDepth) return -1;
  if (typeof value === 'string') return room - value.length - 2;
  if (typeof value !== 'object' || value === null) return room - 1;
  let rest = room - 2;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && rest >= 0; index++) {
      rest = roomBeside(value[index], rest, depth + 1);
    }
    return rest;
  }
  for (const name in value) {
    if (rest < 0) return rest;
    if (value[name] !== undefined)
      rest = roomBeside(value[name], rest - name.length - 3, depth + 1);
  }
  return rest;
}

class BoundedWriter {
  readonly #parts: string[] = [];
  #room: number;
  #nodes = 0;
  bytes = 0;
  complete = true;

  constructor(maxLength: number) {
    this.#room = maxLength;
  }

  get text(): string {
    return this.#parts.join('');
  }

  value(value: JsonValue, depth: number): void {
    if (++this.#nodes > maxNodes || depth > maxDepth) {
      this.complete = false;
    } else if (typeof value === 'string') {
      this.#string(value);
    } else if (Array.isArray(value)) {
      this.#array(value, depth);
    } else if (typeof value === 'object' && value !== null) {
      this.#object(value, depth);
    } else {
      this.#put(JSON.stringify(value) ?? 'null');
    }
  }

  #array(items: readonly JsonValue[], depth: number): void {
    this.#put('[');
    for (let index = 0; index < items.length && this.#nodes <= maxNodes; index++) {
      if (index > 0) this.#put(',');
      this.value(items[index] ?? null, depth + 1);
    }
    this.#put(']');
  }

  #object(object: Readonly<Record<string, JsonValue | undefined>>, depth: number): void {
    let separator = '{';
    for (const name in object) {
      const member = object[name];
      if (member === undefined || !Object.hasOwn(object, name)) continue;
      if (this.#nodes > maxNodes) break;
      this.#put(separator);
      this.#string(name);
      this.#put(':');
      this.value(member, depth + 1);
      separator = ',';
    }
    this.#put(separator === '{' ? '{}' : '}');
  }

  #string(text: string): void {
    if (text.length <= Math.max(this.#room, 256)) {
      this.#put(JSON.stringify(text));
      return;
    }
    this.bytes += 2 + (text.length <= exactStringLength ? Buffer.byteLength(text) : text.length);
    this.#write(JSON.stringify(text.slice(0, this.#room)));
    this.complete = false;
  }

  #put(text: string): void {
    this.bytes += Buffer.byteLength(text);
    this.#write(text);
  }

  #write(text: string): void {
    if (text.length > this.#room) this.complete = false;
    if (this.#room > 0) this.#parts.push(text.slice(0, this.#room));
    this.#room = Math.max(0, this.#room - text.length);
  }
}
