import { isDeepStrictEqual } from 'node:util';
import type {
  ConsentAnswer,
  CreateServer,
  McpServer,
  ServerRecord,
  UpdateServer,
} from '../../../contract/servers.ts';
import type { Deleted } from '../../../contract/undo.ts';
import { ownItems } from '../../../contract/vmcps.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { Consents, Requester } from '../../consent/consents.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Change } from '../../store/records.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { Store } from '../../store/store.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { ToolSizes } from '../compile/toolSizes.ts';
import { type DeletionRecords, newUndo } from '../deletions/deletionRecords.ts';
import { newId } from './newId.ts';
import { type WritePlan, type WrittenSecrets, writePlanned } from './plannedWrite.ts';
import { planSecrets } from './secretSlots.ts';
import { changedServerRecord, newServerRecord, showServer } from './serverRecords.ts';
import { separateServerSecrets } from './serverSecrets.ts';
import type { Servers } from './servers.ts';
import { requireFreeName } from './uniqueName.ts';

export interface ServersDeps {
  store: Store;
  consents: Consents;
  upstreams: Pick<Upstreams, 'state' | 'signedIn' | 'catalog' | 'disconnect'>;
  events: EventBus;
  log: Log;
  sizes: ToolSizes;
  deletions: DeletionRecords;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createServers(deps: ServersDeps): Servers {
  return new StoredServers(deps);
}

class StoredServers implements Servers {
  readonly #now: () => number;

  constructor(private readonly deps: ServersDeps) {
    this.#now = deps.now ?? Date.now;
  }

  list(): McpServer[] {
    return [...this.deps.store.collections.servers.all()]
      .sort((a, b) => a.created_at.localeCompare(b.created_at))
      .map((record) => this.#show(record));
  }

  get(serverId: string): McpServer {
    return this.#show(this.#record(serverId));
  }

  async create(body: CreateServer, by: Requester = 'outside'): Promise<McpServer> {
    const serverId = newId('server');
    const at = this.#timestamp();
    await writePlanned(this.deps, (written) => {
      return this.#planPut(undefined, newServerRecord(serverId, body, at), by, written);
    });
    this.deps.events.publish({ type: 'server.changed', server_id: serverId });
    return this.get(serverId);
  }

  async update(
    serverId: string,
    body: UpdateServer,
    by: Requester = 'outside',
  ): Promise<McpServer> {
    const { changes } = await writePlanned(this.deps, (written) => {
      const before = this.#record(serverId);
      return this.#planPut(before, changedServerRecord(before, body), by, written);
    });
    if (changes.length > 0) {
      this.deps.events.publish({ type: 'server.changed', server_id: serverId });
    }
    return this.get(serverId);
  }

  async answerConsent(serverId: string, answer: ConsentAnswer): Promise<McpServer> {
    await this.deps.consents.answer(this.#record(serverId), answer);
    this.deps.events.publish({ type: 'server.changed', server_id: serverId });
    return this.get(serverId);
  }

  async delete(serverId: string): Promise<Deleted> {
    const { events, upstreams, log } = this.deps;
    const undo = newUndo(this.#now());
    const { vmcpIds } = await writePlanned(this.deps, () => this.#planDelete(serverId, undo));
    events.publish({ type: 'server.removed', server_id: serverId });
    for (const vmcp_id of vmcpIds) events.publish({ type: 'vmcp.changed', vmcp_id });
    await upstreams.disconnect(serverId).catch((error: unknown) => {
      log.warning('the connections of a removed server did not end', { serverId, error });
    });
    return undo;
  }

  #planPut(
    before: ServerRecord | undefined,
    wanted: ServerRecord,
    by: Requester,
    written: WrittenSecrets,
  ): WritePlan {
    const { store, consents } = this.deps;
    const { server_id } = wanted;
    const others = [...store.collections.servers.all()].filter((o) => o.server_id !== server_id);
    requireFreeName('server', wanted.name, [...others, { name: ownItems }]);
    const { masked, slots } = separateServerSecrets(server_id, wanted);
    const slotsBefore = before ? separateServerSecrets(server_id, before).slots : [];
    const namesBefore = new Set(slotsBefore.map(({ name }) => name));
    const prefix = secretNames.server(server_id);
    const plan = planSecrets(store.secrets, slots, namesBefore, prefix, written);
    const record = { ...wanted, ...masked };
    const hasNewSecrets = Object.keys(plan.secrets).length > 0;
    if (!hasNewSecrets && isDeepStrictEqual(record, before)) {
      return { changes: [], ...plan };
    }
    const put = { ...record, updated_at: this.#timestamp() };
    const consent = consents.changesFor(before, put, by, hasNewSecrets);
    return { changes: [{ collection: 'servers', put }, ...consent], ...plan };
  }

  #planDelete(serverId: string, undo: Deleted): WritePlan & { vmcpIds: string[] } {
    const { collections, secrets } = this.deps.store;
    const { name } = this.#record(serverId);
    const updated_at = this.#timestamp();
    const vmcps = [...collections.vmcps.all()].filter(({ mcp_servers }) =>
      mcp_servers.some(({ server_id }) => server_id === serverId),
    );
    const changes: Change[] = vmcps.map((vmcp) => {
      const mcp_servers = vmcp.mcp_servers.filter(({ server_id }) => server_id !== serverId);
      return { collection: 'vmcps', put: { ...vmcp, mcp_servers, updated_at } };
    });
    if (collections.catalogs.get(serverId)) {
      changes.push({ collection: 'catalogs', delete: serverId });
    }
    changes.push({ collection: 'servers', delete: serverId });
    changes.push(...this.deps.consents.removal(serverId));
    const obsoleteSecrets = [secretNames.server(serverId), secretNames.oauth(serverId)].flatMap(
      (prefix) => secrets.names(prefix),
    );
    const plan = { changes, secrets: {}, obsoleteSecrets };
    const kept = this.deps.deletions.keep(undo, `MCP server "${name}"`, plan);
    return { ...kept, vmcpIds: vmcps.map(({ vmcp_id }) => vmcp_id) };
  }

  #record(serverId: string): ServerRecord {
    const record = this.deps.store.collections.servers.get(serverId);
    if (!record) throw new NotFoundError(`There is no server "${serverId}"`, serverId);
    return record;
  }

  #show(record: ServerRecord): McpServer {
    const { upstreams, consents, sizes } = this.deps;
    const { server_id } = record;
    const catalog = upstreams.catalog(server_id);
    const state = { ...upstreams.state(server_id), signed_in: upstreams.signedIn(server_id) };
    return showServer(record, { ...state, consent: consents.show(record) }, catalog, sizes);
  }

  #timestamp(): string {
    return new Date(this.#now()).toISOString();
  }
}
