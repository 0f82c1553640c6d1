import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
/** What a state is good for; with anything else it is none. */
export interface StateBinding {
  vmcpId: string;
  /** The client token; null without one. */
  principal: string | null;
  method: string;
  /** Of the parameters, see `digestOf`. */
  digest: string;
}

/**
 * Makes and reads `requestState`: sealed, so that only what was given out here is taken back, and only
 * for the request it was given out for (MCP 2026-07-28, basic/patterns/mrtr, “Security”).
 */
export class RequestStateSeal {
  /** Of this process: a restart ends all parked calls, and so their states. */
  readonly #key = randomBytes(32);

  /** @param maxLength longer ones are none of ours */
  constructor(private readonly maxLength = 512) {}

  seal(handle: string, binding: StateBinding): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.#key, iv).setAAD(bytesOf(binding));
    const sealed = Buffer.concat([cipher.update(handle, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** @returns the handle; undefined for what was not sealed here for exactly this */
  open(state: string, binding: StateBinding): string | undefined {
    if (state.length > this.maxLength) return undefined;
    const bytes = Buffer.from(state, 'base64url');
    if (bytes.length <= ivBytes + tagBytes || bytes.toString('base64url') !== state) {
      return undefined;
    }
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, ivBytes))
      .setAAD(bytesOf(binding))
      .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      return (
        decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') +
        decipher.final('utf8')
      );
    } catch {
      return undefined; // forged, or for something else
    }
  }
}

/** A digest of what a retry must repeat: the parameters without envelope, answers and state. */
export function digestOf(params: JsonObject): string {
  const { _meta, inputResponses: _responses, requestState: _state, ...rest } = params;
  return createHash('sha256').update(canonical(rest)).digest('base64url');
}

function bytesOf({ vmcpId, principal, method, digest }: StateBinding): Buffer {
  return Buffer.from(JSON.stringify([vmcpId, principal, method, digest]), 'utf8');
}

/** The same text whatever the order of members. */
function canonical(value: JsonValue | undefined): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
