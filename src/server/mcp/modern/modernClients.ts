import type { JsonObject } from '../../../contract/json.ts';
import { clientIdOf } from '../../activity/clientId.ts';
import type { McpAddress } from '../../http/mcpEndpoint.ts';

const maxKnown = 500;

/** A client by what it says of itself; what is remembered for it never decides what it may do. */
export interface ModernClient {
  /** For the statistics. */
  id: string;
  name: string;
}

/** The clients that were seen lately. */
export class ModernClients {
  readonly #known = new Map<string, ModernClient>();

  of({ vmcp, tokenId }: McpAddress, clientInfo: JsonObject): ModernClient {
    const name =
      typeof clientInfo.name === 'string' && clientInfo.name !== '' ? clientInfo.name : 'unknown';
    const key = `${vmcp}\n${tokenId}\n${name}`;
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= maxKnown) this.#forgetOldest();
    const client = { id: clientIdOf(name, tokenId), name };
    this.#known.set(key, client);
    return client;
  }

  #forgetOldest(): void {
    for (const key of this.#known.keys()) {
      this.#known.delete(key);
      return;
    }
  }
}
