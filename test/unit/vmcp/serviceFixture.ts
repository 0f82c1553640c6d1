import type { ServerEvent } from '../../../src/contract/events.ts';
import { Consents } from '../../../src/server/consent/consents.ts';
import { EventBus } from '../../../src/server/events.ts';
import { LineLog } from '../../../src/server/log.ts';
import {
  type CatalogRecord,
  type Change,
  collectionNames,
  idFields,
} from '../../../src/server/store/records.ts';
import type { Store } from '../../../src/server/store/store.ts';
import { CustomTools } from '../../../src/server/tools/customTools.ts';
import {
  PythonStartError,
  PythonSyntaxError,
} from '../../../src/server/tools/python/pythonErrors.ts';
import type { PythonDescription } from '../../../src/server/tools/python/pythonTools.ts';
import { ToolSizes } from '../../../src/server/vmcp/compile/toolSizes.ts';
import { createServers } from '../../../src/server/vmcp/configuration/createServers.ts';
import { createVmcps } from '../../../src/server/vmcp/configuration/createVmcps.ts';
import { ResourceFiles } from '../../../src/server/vmcp/custom/resourceFiles.ts';
import { DeletionRecords } from '../../../src/server/vmcp/deletions/deletionRecords.ts';
import { type Cleanup, makeTempDir, useCleanup } from '../../support/cleanup.ts';
import { buildWorker, openTestStore } from '../store/storeFixture.ts';
import { aCatalog } from './builders.ts';

/**
 * The catalogs of servers that no process stands behind: `refresh` answers what the test said
 * beforehand, and is kept in the store as the real connections do.
 */
export class ScriptedUpstreams {
  readonly refreshed: string[] = [];
  readonly connected: string[] = [];
  readonly disconnected: string[] = [];
  readonly stale = new Set<string>();
  /** What reading a server's lists gives; without an entry it never ends. */
  readonly answers = new Map<string, () => Promise<Partial<CatalogRecord>>>();

  constructor(
    private readonly store: Store,
    private readonly events: EventBus,
  ) {}

  state() {
    return { status: 'disconnected' as const, last_error: null };
  }

  signedIn() {
    return null;
  }

  catalog(serverId: string): CatalogRecord | undefined {
    return this.store.collections.catalogs.get(serverId);
  }

  isStale(serverId: string): boolean {
    return this.stale.has(serverId) || !this.catalog(serverId);
  }

  async refresh(serverId: string): Promise<CatalogRecord> {
    this.refreshed.push(serverId);
    const answer = this.answers.get(serverId);
    if (!answer) return new Promise(() => undefined);
    await this.show(serverId, await answer());
    return this.catalog(serverId) ?? aCatalog(serverId);
  }

  connect(serverId: string): Promise<CatalogRecord> {
    this.connected.push(serverId);
    return Promise.resolve(aCatalog(serverId));
  }

  disconnect(serverId: string): Promise<void> {
    this.disconnected.push(serverId);
    return Promise.resolve();
  }

  /** The server now offers this. */
  async show(serverId: string, changes: Partial<CatalogRecord>): Promise<void> {
    await this.store.commit([{ collection: 'catalogs', put: aCatalog(serverId, changes) }]);
    this.events.publish({ type: 'server.catalog', server_id: serverId });
  }
}

/** Describes Python by looking at it: `def main` with parameters of the type `str`. */
export class ScriptedPython {
  readonly described: string[] = [];
  /** Whether an interpreter can be had. */
  canStart = true;

  async describe(_vmcpId: string, code: string): Promise<PythonDescription> {
    if (!this.canStart) throw new PythonStartError('no interpreter');
    this.described.push(code);
    const [, parameters] = /def main\(([\w, ]*)\)/.exec(code) ?? [];
    if (parameters === undefined) throw new PythonSyntaxError('invalid syntax', 1, 5);
    const names = parameters.split(/[, ]+/).filter((name) => name !== '');
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    return {
      description: '',
      inputSchema: { type: 'object', properties },
      output: { kind: 'text' },
    };
  }

  run(): never {
    throw new Error('nothing is run here');
  }

  release(): void {}

  async close(): Promise<void> {}
}

/** Stores of a suite: opened once, since that takes longer than the tests, and emptied for each test. */
class StorePool {
  readonly #stores: Store[] = [];
  #inUse = 0;
  #workerFile: Promise<string> | undefined;

  constructor(private readonly once: Cleanup) {}

  async take(): Promise<Store> {
    const free = this.#stores[this.#inUse++];
    if (free) {
      await empty(free);
      return free;
    }
    this.#workerFile ??= buildWorker(this.once);
    const workerFile = await this.#workerFile;
    const store = await openTestStore({ workerFile, dataDir: await makeTempDir(this.once) });
    this.once.add(() => store.close());
    this.#stores.push(store);
    return store;
  }

  giveBack(): void {
    this.#inUse = 0;
  }
}

async function empty(store: Store): Promise<void> {
  for (const collection of collectionNames) {
    const ids = [...store.collections[collection].all()].map((record) =>
      String(new Map<string, unknown>(Object.entries(record)).get(idFields[collection])),
    );
    await store.commit(ids.map((id) => ({ collection, delete: id }) as Change));
  }
  if (store.secrets.locked) return;
  const names = store.secrets.names('');
  await store.secrets.update(Object.fromEntries(names.map((name) => [name, null])));
}

/** Opens both services on an empty store, as often as a test wants. */
export function useServices() {
  const unlocked = new StorePool(useCleanup(after));
  const locked = new StorePool(useCleanup(after));
  const cleanup = useCleanup();
  afterEach(() => {
    unlocked.giveBack();
    locked.giveBack();
  });
  return async (options: { locked?: boolean } = {}) => {
    const store = await (options.locked ? locked : unlocked).take();
    if (!options.locked) await store.secrets.unlock(Buffer.alloc(32, 1));
    const events = new EventBus((error) => {
      throw error;
    });
    const told: ServerEvent[] = [];
    events.subscribe((event) => told.push(event));
    const log = new LineLog('error', () => undefined);
    const upstreams = new ScriptedUpstreams(store, events);
    const clock = { now: Date.parse('2026-01-01T00:00:00.000Z') };
    const python = new ScriptedPython();
    const tools = new CustomTools(python, python);
    const dataDir = await makeTempDir(cleanup);
    const deletions = new DeletionRecords(store);
    const files = new ResourceFiles(dataDir, log, deletions);
    const now = () => clock.now;
    const sizes = new ToolSizes();
    const consents = await Consents.open(store, 'all');
    const deps = {
      store,
      consents,
      upstreams,
      events,
      log,
      tools,
      python,
      files,
      dataDir,
      sizes,
      deletions,
      now,
    };
    const servers = createServers(deps);
    const vmcps = createVmcps(deps);
    cleanup.add(() => vmcps.close());
    return { ...deps, told, clock, servers, vmcps };
  };
}

export type Services = Awaited<ReturnType<ReturnType<typeof useServices>>>;

/** Whatever stands on the disk or leaves the services: no secret may be in it. */
export function allRecords({ store }: Services): string {
  return JSON.stringify(Object.values(store.collections).map((records) => [...records.all()]));
}
