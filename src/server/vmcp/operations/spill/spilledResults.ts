import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../../../contract/json.ts';
import { restClientId } from '../../../activity/clientId.ts';

const scheme = 'vmcp-result://';
/** How long a client can come back for what was left out. */
const lifeMs = 30 * 60_000;
/** Of all vMCPs together; the oldest go first. */
const maxBytes = 96 * 1024 * 1024;

/** Whose result it was: nobody else can read what was left out of it. */
export interface SpillOwner {
  vmcpId: string;
  clientId: string;
}

/** What was left out: text, or base64 of anything else. */
export type SpilledContent =
  | { mimeType: string; text: string }
  | { mimeType: string; blob: string };

interface Entry {
  owner: SpillOwner;
  content: SpilledContent;
  bytes: number;
  /** Monotonic milliseconds. */
  expiresAt: number;
}

/** Parts of results that were too large for their vMCP, kept in memory for a while. */
export class SpilledResults {
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** @param now monotonic milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether a URI is one of those that `add` gives out, known or not. */
  static owns(uri: unknown): uri is string {
    return typeof uri === 'string' && uri.startsWith(scheme);
  }

  /** @returns the URI to read it by */
  add(owner: SpillOwner, content: SpilledContent): string {
    const bytes = ('text' in content ? content.text : content.blob).length;
    const id = randomBytes(16).toString('hex');
    this.#entries.set(id, { owner, content, bytes, expiresAt: this.now() + lifeMs });
    this.#bytes += bytes;
    for (const [oldest] of this.#entries) {
      if (oldest === id || this.#bytes <= maxBytes) break;
      this.#delete(oldest);
    }
    return `${scheme}${id}`;
  }

  /**
   * The result of `resources/read`; of a text, `?offset=…&length=…` names a part in characters.
   * @returns undefined where there is none (any more), or where it is somebody else's
   */
  read({ vmcpId, clientId }: SpillOwner, uri: string): JsonObject | undefined {
    this.#expire();
    const [id = '', query = ''] = uri.slice(scheme.length).split('?', 2);
    const entry = this.#entries.get(id);
    // REST is for whoever administers all of it
    const isTheirs = entry?.owner.clientId === clientId || clientId === restClientId;
    if (!entry || entry.owner.vmcpId !== vmcpId || !isTheirs) return undefined;
    const { content } = entry;
    if (!('text' in content)) return { contents: [{ uri, ...content }] };
    const range = new URLSearchParams(query);
    const offset = numberOf(range.get('offset'), 0);
    const length = numberOf(range.get('length'), content.text.length);
    const text = content.text.slice(offset, offset + length);
    return { contents: [{ uri, mimeType: content.mimeType, text }] };
  }

  #expire(): void {
    const now = this.now();
    for (const [id, { expiresAt }] of this.#entries) {
      if (expiresAt > now) return; // the others are younger
      this.#delete(id);
    }
  }

  #delete(id: string): void {
    this.#bytes -= this.#entries.get(id)?.bytes ?? 0;
    this.#entries.delete(id);
  }
}

function numberOf(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : otherwise;
}
