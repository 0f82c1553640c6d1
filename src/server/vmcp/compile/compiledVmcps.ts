import type { ListKind } from '../../../contract/events.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { NameClaimsRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import { assignServerNames, serverNamesKey } from '../naming/serverNames.ts';
import type { ToolReviews } from '../review/toolReviews.ts';
import { type Compilation, compileVmcp } from './compile.ts';
import type { ToolKinds } from './ownTools.ts';

export interface CompiledVmcpsDeps {
  store: Store;
  upstreams: Pick<Upstreams, 'catalog'>;
  events: EventBus;
  log: Log;
  kinds: ToolKinds;
  reviews: Pick<ToolReviews, 'held'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Entry {
  compilation: Compilation;
  stale: boolean;
}

const kinds: readonly ListKind[] = ['tools', 'prompts', 'resources'];

/**
 * Every vMCP compiled, anew after each change of what it is made from: in the background, one a turn
 * of the event loop, or at once where a call comes first.
 *
 * New name claims are committed in the same turn in which they are made, and lists do not wait for
 * the disk: should the machine fail in these milliseconds, the same configuration and catalogs give
 * the same names again.
 */
export class CompiledVmcps {
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new Set<string>();
  readonly #changed = new Map<string, Set<ListKind>>();
  /** Claims that could not be written; they hold, and are written with the next change. */
  readonly #unsaved = new Map<string, NameClaimsRecord>();
  readonly #unsubscribe: () => void;
  #immediate: NodeJS.Immediate | undefined;

  constructor(private readonly deps: CompiledVmcpsDeps) {
    this.#unsubscribe = deps.events.subscribe((event) => {
      switch (event.type) {
        case 'server.changed':
        case 'server.removed':
        case 'server.catalog':
          this.invalidateServer(event.server_id);
          break;
        case 'vmcp.changed':
        case 'vmcp.tool_changes':
        case 'vmcp.removed':
          this.invalidate(event.vmcp_id);
      }
    });
    for (const { vmcp_id } of deps.store.collections.vmcps.all()) this.invalidate(vmcp_id);
  }

  /** @throws NotFoundError */
  get(vmcpId: string): Compilation {
    const entry = this.#entries.get(vmcpId);
    return entry && !entry.stale ? entry.compilation : this.#recompute(vmcpId);
  }

  /** What a record would become, without any effect. */
  preview(record: VmcpRecord): Compilation {
    const { collections } = this.deps.store;
    return compileVmcp({
      record,
      server: (serverId) => collections.servers.get(serverId),
      catalog: (serverId) => this.deps.upstreams.catalog(serverId),
      claims: this.#unsaved.get(record.vmcp_id) ?? collections.nameClaims.get(record.vmcp_id),
      serverName: this.#serverName(record),
      kinds: this.deps.kinds,
      held: memoized((serverId) => this.deps.reviews.held(record, serverId)),
      now: this.deps.now(),
    });
  }

  /** A vMCP was created, changed or removed. */
  invalidate(vmcpId: string): void {
    const entry = this.#entries.get(vmcpId);
    if (entry) entry.stale = true;
    this.#queue.add(vmcpId);
    this.#schedule();
  }

  /** A server or its catalog changed: so did the vMCPs that use it. */
  invalidateServer(serverId: string): void {
    const uses = ({ mcp_servers }: VmcpRecord) =>
      mcp_servers.some(({ server_id }) => server_id === serverId);
    for (const record of this.deps.store.collections.vmcps.all()) {
      const compiled = this.#entries.get(record.vmcp_id)?.compilation.compiled.record;
      if (uses(record) || (compiled && uses(compiled))) this.invalidate(record.vmcp_id);
    }
  }

  close(): void {
    this.#unsubscribe();
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#queue.clear();
    this.#changed.clear();
  }

  #recompute(vmcpId: string): Compilation {
    const record = this.deps.store.collections.vmcps.get(vmcpId);
    if (!record) {
      this.#forget(vmcpId);
      throw new NotFoundError(`There is no vMCP "${vmcpId}"`, vmcpId);
    }
    const before = this.#entries.get(vmcpId)?.compilation;
    const compilation = this.preview(record);
    this.#entries.set(vmcpId, { compilation, stale: false });
    this.#queue.delete(vmcpId);
    if (compilation.claimsChanged || this.#unsaved.has(vmcpId)) this.#save(compilation.claims);
    if (before) this.#noteChanges(vmcpId, before, compilation);
    return compilation;
  }

  #forget(vmcpId: string): void {
    this.#entries.delete(vmcpId);
    this.#queue.delete(vmcpId);
    this.#changed.delete(vmcpId);
    this.#unsaved.delete(vmcpId);
  }

  #save(claims: NameClaimsRecord): void {
    const { store, log } = this.deps;
    this.#unsaved.delete(claims.vmcp_id);
    store.commit([{ collection: 'nameClaims', put: claims }]).catch((error: unknown) => {
      if (store.collections.vmcps.get(claims.vmcp_id)) this.#unsaved.set(claims.vmcp_id, claims);
      log.error('names given to tools could not be written', { vmcp: claims.vmcp_id, error });
    });
  }

  #noteChanges(vmcpId: string, before: Compilation, after: Compilation): void {
    for (const kind of kinds) {
      if (before.compiled.revisions[kind] === after.compiled.revisions[kind]) continue;
      const changed = this.#changed.get(vmcpId) ?? new Set<ListKind>();
      this.#changed.set(vmcpId, changed.add(kind));
      this.#schedule();
    }
  }

  #schedule(): void {
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#workOff();
    });
  }

  /** Compiles one vMCP, so that calls get their turn between two, and tells what changed. */
  #workOff(): void {
    for (const vmcpId of this.#queue) {
      this.#queue.delete(vmcpId);
      if (!this.deps.store.collections.vmcps.get(vmcpId)) {
        this.#forget(vmcpId);
        continue;
      }
      try {
        this.get(vmcpId);
      } catch (error) {
        this.deps.log.error('a vMCP could not be compiled', { vmcp: vmcpId, error });
      }
      break;
    }
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [vmcp_id, ofVmcp] of changed) {
      this.deps.events.publish({ type: 'vmcp.lists', vmcp_id, kinds: [...ofVmcp] });
    }
    if (this.#queue.size > 0) this.#schedule();
  }

  #serverName(record: VmcpRecord): string {
    const { vmcps, settings } = this.deps.store.collections;
    const others = [...vmcps.all()].filter(({ vmcp_id }) => vmcp_id !== record.vmcp_id);
    const names = assignServerNames([...others, record], settings.get(serverNamesKey));
    return names.get(record.vmcp_id) ?? record.vmcp_id;
  }
}

/** Asks once for each server. */
function memoized<T extends object>(ask: (serverId: string) => T): (serverId: string) => T {
  const known = new Map<string, T>();
  return (serverId) => {
    const answer = known.get(serverId) ?? ask(serverId);
    known.set(serverId, answer);
    return answer;
  };
}
