import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ClientToken } from '../../contract/admin.ts';
import { NotFoundError } from '../appErrors.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { ClientTokenRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { tokenDigest } from './guards/bearer.ts';

/** Name of the token in the addresses that are registered with VS Code and copied by the user. */
const addressTokenName = 'address';
/** How exact the time of the last use is: not every call is to be written down. */
const lastUseMs = 3_600_000;

/**
 * The tokens that open MCP addresses only. Found by their digest, so that neither time nor a lucky
 * prefix tells anything about a token.
 */
export class ClientTokens {
  readonly #byDigest = new Map<string, string>();
  readonly #pendingAddresses = new Map<string, Promise<ClientTokenRecord>>();
  /** What is being answered to requests that came with a token. */
  readonly #open = new Map<string, Set<ServerResponse>>();
  readonly #stopListening: () => void;

  constructor(
    private readonly store: Store,
    private readonly events: EventBus,
    private readonly log: Log,
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

  /** Notes a use; the answer is cut off where the token is withdrawn before it is complete. */
  used(record: Readonly<ClientTokenRecord>, response: ServerResponse): void {
    const { token_id, last_used = '' } = record;
    const open = this.#open.get(token_id) ?? new Set();
    this.#open.set(token_id, open.add(response));
    response.once('close', () => open.delete(response));
    if (Date.now() - (Date.parse(last_used) || 0) < lastUseMs) return;
    const put = { ...record, last_used: new Date().toISOString() };
    this.store.commit([{ collection: 'clientTokens', put }]).catch((error: unknown) => {
      this.log.warning('The last use of a client token could not be kept', { error });
    });
  }

  /** The oldest first. */
  list(): ClientToken[] {
    return [...this.store.collections.clientTokens.all()]
      .filter(({ revoked_at }) => revoked_at === null)
      .map(shown)
      .sort((a, b) => a.created_at.localeCompare(b.created_at));
  }

  /** From now on it opens nothing, and what it has opened ends. @throws NotFoundError */
  async withdraw(tokenId: string): Promise<void> {
    if (!this.store.collections.clientTokens.get(tokenId)) {
      throw new NotFoundError('There is no such client token', tokenId);
    }
    await this.store.commit([{ collection: 'clientTokens', delete: tokenId }]);
    this.events.publish({ type: 'client_token.withdrawn', token_id: tokenId });
    const open = [...(this.#open.get(tokenId) ?? [])];
    this.#open.delete(tokenId);
    // Sessions say goodbye first.
    setImmediate(() => {
      for (const response of open) response.destroy();
    });
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

/** A token as the administrator sees it. */
export function shown(record: Readonly<ClientTokenRecord>): ClientToken {
  const { token_id, name, token, vmcp_id, created_at, last_used = null } = record;
  return { token_id, name, token, vmcp_id, created_at, last_used };
}
