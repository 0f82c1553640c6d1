import { NotFoundError } from '../../appErrors.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Change } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import { type WritePlan, writePlanned } from '../configuration/plannedWrite.ts';
import type { ResourceFiles } from '../custom/resourceFiles.ts';
import { type Deletion, type DeletionRecords, undoMs } from './deletionRecords.ts';
import { undoChanges } from './undoPlan.ts';

/** Deletions become final up to this much later than promised. */
const sweepMs = 60_000;
/** How long an authorization server may take to hear that a sign-in is over. */
const giveBackMs = 10_000;

export interface DeletionsDeps {
  store: Store;
  events: EventBus;
  log: Log;
  files: ResourceFiles;
  records: DeletionRecords;
  upstreams: Pick<Upstreams, 'giveBackDeleted'>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Takes deletions back, and makes them final when their time is over. */
export class Deletions {
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  readonly #stops: (() => void)[];
  readonly #closing = new AbortController();
  #sweeping = Promise.resolve();

  constructor(private readonly deps: DeletionsDeps) {
    this.#now = deps.now ?? Date.now;
    this.#timer = setInterval(() => void this.sweep(), sweepMs).unref();
    this.#stops = [deps.store.secrets.onUnlocked(() => void this.sweep())];
    void this.sweep();
  }

  /**
   * Restores what a deletion took: the same ids, secrets, files, memberships and listed names.
   * @returns what came back, for people
   * @throws NotFoundError where its time is over, ConflictError where a name is taken by now
   */
  async undo(undoId: string): Promise<string> {
    const { records } = this.deps;
    let planned: readonly Change[] = [];
    const plan = () => {
      const made = this.#plan(undoId);
      planned = made.changes;
      return made;
    };
    // Told at once: what is compiled of the vMCPs must not lag behind what they show.
    const { what } = await writePlanned(this.deps, plan, () => this.#tell(planned));
    await this.#remove(records.secretsOf(undoId).map(({ copy }) => copy));
    return what;
  }

  /** Makes a deletion final at once. @throws NotFoundError */
  async forget(undoId: string): Promise<void> {
    const deletion = this.deps.records.get(undoId);
    if (!deletion) throw new NotFoundError('There is no such deletion', undoId);
    await this.#finish([deletion]);
  }

  /** Makes final whose time is over. */
  sweep(): Promise<void> {
    this.#sweeping = this.#sweeping.then(async () => {
      const { records, log } = this.deps;
      try {
        await this.#finish(records.all().filter((deletion) => this.#isOver(deletion)));
      } catch (error) {
        log.warning('old deletions could not be made final', { error });
      }
    });
    return this.#sweeping;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const stop of this.#stops) stop();
    this.#closing.abort(new Error('vMCP is ending'));
    await this.#sweeping;
  }

  #plan(undoId: string): WritePlan & { what: string } {
    const { store, records } = this.deps;
    const deletion = records.get(undoId);
    if (!deletion || this.#isOver(deletion)) {
      throw new NotFoundError('It can no longer be undone', undoId);
    }
    const timestamp = new Date(this.#now()).toISOString();
    const changes: Change[] = undoChanges(deletion, store, timestamp);
    const secrets = records.secretsOf(undoId).map(({ copy, original }): [string, string] => {
      // While they are locked, the write is refused for them.
      return [original, (store.secrets.locked ? undefined : store.secrets.get(copy)) ?? ''];
    });
    return {
      changes: [...changes, records.removal(deletion)],
      secrets: Object.fromEntries(secrets),
      obsoleteSecrets: [],
      what: deletion.what,
    };
  }

  async #finish(deletions: readonly Deletion[]): Promise<void> {
    const { store, records } = this.deps;
    if (deletions.length > 0) await store.commit(deletions.map((one) => records.removal(one)));
    await this.#giveBackSignIns();
    // What the end of the server cut off is done after the next start.
    if (!this.#closing.signal.aborted) await this.#remove(records.orphanedSecrets());
    for (const id of new Set(deletions.flatMap(vmcpsIn))) await this.#prune(id);
  }

  /** Nobody can sign out any more of servers that do not come back. */
  async #giveBackSignIns(): Promise<void> {
    const { store, records, upstreams } = this.deps;
    if (store.secrets.locked) return;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(giveBackMs)]);
    const signIns = records.orphanedSignIns();
    await Promise.all(
      signIns.map(({ serverId, prefix }) => upstreams.giveBackDeleted(serverId, prefix, signal)),
    );
  }

  /** Servers first, since vMCPs are made of them. */
  #tell(changes: readonly Change[]): void {
    const { events } = this.deps;
    for (const change of changes) {
      if (!('put' in change)) continue;
      const { collection, put } = change;
      if (collection === 'servers') {
        events.publish({ type: 'server.changed', server_id: put.server_id });
      } else if (collection === 'catalogs') {
        events.publish({ type: 'server.catalog', server_id: put.server_id });
      }
    }
    for (const change of changes) {
      if (change.collection === 'vmcps' && 'put' in change) {
        events.publish({ type: 'vmcp.changed', vmcp_id: change.put.vmcp_id });
      }
    }
  }

  #isOver({ deleted_at }: Deletion): boolean {
    return Date.parse(deleted_at) + undoMs <= this.#now();
  }

  /** Nothing depends on it: what stays is removed by a later sweep. */
  async #remove(names: readonly string[]): Promise<void> {
    const { secrets } = this.deps.store;
    if (names.length === 0 || secrets.locked) return;
    await secrets.update(Object.fromEntries(names.map((name) => [name, null])));
  }

  #prune(vmcpId: string): Promise<void> {
    return this.deps.files.prune(vmcpId, this.deps.store.collections.vmcps.get(vmcpId));
  }
}

function vmcpsIn({ steps }: Deletion): string[] {
  return steps.flatMap(({ collection, id }) => (collection === 'vmcps' ? [id] : []));
}
