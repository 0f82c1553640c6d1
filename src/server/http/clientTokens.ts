import { randomBytes } from 'node:crypto';
import type { EventBus } from '../events.ts';
import type { ClientTokenRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { tokenDigest } from './guards/bearer.ts';

/** Name of the token in the addresses that are registered with VS Code and copied by the user. */
const addressTokenName = 'address';

/**
 * The tokens that open MCP addresses only. Found by their digest, so that neither time nor a lucky
 * prefix tells anything about a token.
 */
export class ClientTokens {
  readonly #byDigest = new Map<string, string>();
  readonly #pendingAddresses = new Map<string, Promise<ClientTokenRecord>>();
  readonly #stopListening: () => void;

  constructor(
    private readonly store: Store,
    events: EventBus,
  ) {
    for (const record of store.collections.clientTokens.all()) this.#index(record);
    this.#stopListening = events.subscribe((event) => {
      // A deletion that is undone brings back the tokens that went with the vMCP.
      if (event.type === 'vmcp.changed') this.#indexAll(event.vmcp_id);
    });
  }

  /** The token's record, where it opens this vMCP: known, not revoked, of this vMCP or of all. */
  resolve(token: string, vmcpId: string): Readonly<ClientTokenRecord> | undefined {
    const id = this.#byDigest.get(tokenDigest(token).toString('base64'));
    const record = id === undefined ? undefined : this.store.collections.clientTokens.get(id);
    if (!record || record.revoked_at !== null) return undefined;
    return record.vmcp_id === null || record.vmcp_id === vmcpId ? record : undefined;
  }

  /** Makes a token; it is valid when the promise resolves. */
  async create(name: string, vmcpId: string | null): Promise<ClientTokenRecord> {
    const record: ClientTokenRecord = {
      token_id: `token_${randomBytes(9).toString('base64url')}`,
      name,
      token: randomBytes(32).toString('base64url'),
      vmcp_id: vmcpId,
      created_at: new Date().toISOString(),
      revoked_at: null,
    };
    await this.store.commit([{ collection: 'clientTokens', put: record }]);
    this.#index(record);
    return record;
  }

  /** The token in a vMCP's own address: always the same one, since clients keep the address. */
  async forAddress(vmcpId: string): Promise<Readonly<ClientTokenRecord>> {
    for (const record of this.store.collections.clientTokens.all()) {
      const isUsable = record.revoked_at === null && record.vmcp_id === vmcpId;
      if (isUsable && record.name === addressTokenName) return record;
    }
    const pending = this.#pendingAddresses.get(vmcpId);
    if (pending) return pending;
    const created = this.create(addressTokenName, vmcpId).finally(() =>
      this.#pendingAddresses.delete(vmcpId),
    );
    this.#pendingAddresses.set(vmcpId, created);
    return created;
  }

  close(): void {
    this.#stopListening();
  }

  #index(record: Readonly<ClientTokenRecord>): void {
    this.#byDigest.set(tokenDigest(record.token).toString('base64'), record.token_id);
  }

  #indexAll(vmcpId: string): void {
    for (const record of this.store.collections.clientTokens.all()) {
      if (record.vmcp_id === vmcpId) this.#index(record);
    }
  }
}
