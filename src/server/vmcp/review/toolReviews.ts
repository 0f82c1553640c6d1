import { isDeepStrictEqual } from 'node:util';
import type { ServerEvent } from '../../../contract/events.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type {
  AcceptToolChanges,
  ToolChange,
  ToolChangeCounts,
} from '../../../contract/toolChanges.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { ConflictError } from '../../appErrors.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { CatalogRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { selector } from '../compile/serverPart.ts';
import { ReviewRecords, type Reviews, type ServerReview } from './reviewRecords.ts';
import { ToolKnowledge, toolsByName } from './toolKnowledge.ts';

export interface ToolReviewsDeps {
  store: Store;
  events: EventBus;
  log: Log;
  catalog(serverId: string): CatalogRecord | undefined;
  /** Whether a server that is in no vMCP can be taken into one: it is there, or its deletion can be undone. */
  mayReturn(serverId: string): boolean;
}

type Part = VmcpRecord['mcp_servers'][number];
const noTools: ReadonlySet<string> = new Set();
const noReview: ServerReview = { accepted: undefined, before: new Map() };

/**
 * Tells where a server's tools are not what they were: in a vMCP set to `review` such a tool is held
 * back until it is accepted, in others it passes and is told. The tools that are there when a server
 * is first taken into a vMCP, or a vMCP is set to `review`, are accepted by that; of a server that was
 * never seen the first ones. A server that is taken out and comes back is compared to what was accepted. Works when a catalog or a vMCP changes, never for a call.
 */
export class ToolReviews {
  readonly #records: ReviewRecords;
  readonly #tools = new ToolKnowledge();
  /** The catalogs that were dealt with: what a newer one is compared to. */
  readonly #seen: Map<string, CatalogRecord>;
  readonly #unsubscribe: () => void;

  constructor(private readonly deps: ToolReviewsDeps) {
    const { store, events } = deps;
    this.#records = new ReviewRecords(store);
    this.#seen = new Map(
      [...store.collections.catalogs.all()].map((catalog) => [catalog.server_id, catalog]),
    );
    this.#unsubscribe = events.subscribe((event) => this.#follow(event));
  }

  close(): void {
    this.#unsubscribe();
  }

  /** What goes with the deletion of a vMCP. */
  removal(vmcpId: string) {
    return this.#records.removal(vmcpId);
  }

  /** The server's own names of the tools that a vMCP must neither list nor call. */
  held(record: VmcpRecord, serverId: string): ReadonlySet<string> {
    const accepted = this.#records.of(record.vmcp_id).get(serverId)?.accepted;
    if (record.options.tool_changes !== 'review' || !accepted) return noTools;
    const tools = toolsByName(this.deps.catalog(serverId));
    const held = [...tools].filter(
      ([name, tool]) => accepted.get(name) !== this.#tools.fingerprint(tool),
    );
    return new Set(held.map(([name]) => name));
  }

  counts(record: VmcpRecord): ToolChangeCounts {
    const differing = record.mcp_servers.reduce((sum, part) => {
      return sum + this.#differing(record, part).length;
    }, 0);
    const isHeld = record.options.tool_changes === 'review';
    return { held_back: isHeld ? differing : 0, noticed: isHeld ? 0 : differing };
  }

  list(record: VmcpRecord): ToolChange[] {
    return record.mcp_servers.flatMap((part) => {
      const { server_id } = part;
      const server = this.deps.store.collections.servers.get(server_id);
      const { accepted, before } = this.#records.of(record.vmcp_id).get(server_id) ?? noReview;
      return this.#differing(record, part).map(([tool, after]): ToolChange => {
        const former = before.get(tool) ?? null;
        return {
          ...{ server_id, server_name: server?.name ?? server_id, tool },
          kind: former !== null || accepted?.has(tool) ? 'changed' : 'new',
          held_back: record.options.tool_changes === 'review',
          ...{ before: former, after },
          fingerprint: this.#tools.fingerprint(after),
          findings: this.#tools.findings(after),
        };
      });
    });
  }

  /** @throws ConflictError where a tool is not (any more) what was looked at */
  async accept(record: VmcpRecord, { changes }: AcceptToolChanges): Promise<void> {
    const open = this.list(record);
    const wanted = changes?.map(({ server_id, tool, fingerprint }) => {
      const found = open.find((each) => each.server_id === server_id && each.tool === tool);
      if (found?.fingerprint === fingerprint) return found;
      const message = `Tool "${tool}" is not what you looked at any more`;
      throw new ConflictError(message, 'changes: look at its change again');
    });
    const reviews = new Map(this.#records.of(record.vmcp_id));
    for (const { server_id, tool, fingerprint } of wanted ?? open) {
      const { accepted, before } = reviews.get(server_id) ?? noReview;
      const left = new Map(before);
      left.delete(tool);
      const now = accepted && new Map(accepted).set(tool, fingerprint);
      reviews.set(server_id, { accepted: now, before: left });
    }
    await this.#keep(record.vmcp_id, reviews);
    this.deps.events.publish({ type: 'vmcp.tool_changes', vmcp_id: record.vmcp_id, tools: [] });
  }

  /** The selected tools of a part that differ from what was accepted. */
  #differing(record: VmcpRecord, { server_id, tools: selection }: Part): [string, JsonObject][] {
    const { before } = this.#records.of(record.vmcp_id).get(server_id) ?? noReview;
    const isReview = record.options.tool_changes === 'review';
    const names = isReview ? this.held(record, server_id) : new Set(before.keys());
    if (names.size === 0) return [];
    const isSelected = selector(selection);
    const tools = toolsByName(this.deps.catalog(server_id));
    return [...tools].filter(([name]) => names.has(name) && isSelected(name));
  }

  #follow(event: ServerEvent): void {
    if (event.type === 'server.catalog') this.#catalogChanged(event.server_id);
    else if (event.type === 'server.removed') this.#seen.delete(event.server_id);
    else if (event.type === 'vmcp.changed') this.#vmcpChanged(event.vmcp_id);
  }

  #catalogChanged(serverId: string): void {
    const former = this.#seen.get(serverId);
    const catalog = this.deps.catalog(serverId);
    if (!catalog) return;
    this.#seen.set(serverId, catalog);
    for (const record of this.deps.store.collections.vmcps.all()) {
      const part = record.mcp_servers.find(({ server_id }) => server_id === serverId);
      if (part) this.#compare(record, part, former, catalog);
    }
  }

  #compare(
    record: VmcpRecord,
    part: Part,
    former: CatalogRecord | undefined,
    catalog: CatalogRecord,
  ): void {
    const { server_id } = part;
    const reviews = this.#records.of(record.vmcp_id);
    const review = reviews.get(server_id) ?? noReview;
    const next =
      record.options.tool_changes === 'review'
        ? this.#reviewed(review, former, catalog)
        : this.#noticed(review, former, catalog);
    const isOther = !isDeepStrictEqual(next, review);
    if (isOther) this.#keepSoon(record.vmcp_id, new Map(reviews).set(server_id, next));
    const isSelected = selector(part.tools);
    const [old, now] = [toolsByName(former), toolsByName(catalog)];
    const tools = [...next.before.keys()].filter((name) => {
      const [last, tool] = [old.get(name), now.get(name)];
      return tool && isSelected(name) && !(last && this.#tools.isSame(last, tool));
    });
    if (isOther || tools.length > 0) this.#tell(record, server_id, tools);
  }

  /** Against what was accepted, however often it changed since. */
  #reviewed(
    review: ServerReview,
    former: CatalogRecord | undefined,
    catalog: CatalogRecord,
  ): ServerReview {
    const old = toolsByName(former);
    const accepted = review.accepted ?? this.#tools.fingerprints(toolsByName(former ?? catalog));
    const before = new Map<string, JsonObject | null>();
    for (const [name, tool] of toolsByName(catalog)) {
      const wanted = accepted.get(name);
      if (wanted === this.#tools.fingerprint(tool)) continue;
      const last = old.get(name);
      const isAccepted = last !== undefined && this.#tools.fingerprint(last) === wanted;
      before.set(name, review.before.get(name) ?? (isAccepted ? last : null));
    }
    return { accepted, before };
  }

  /** Against the catalog before; what was not looked at yet stays what it is compared to. */
  #noticed(
    review: ServerReview,
    former: CatalogRecord | undefined,
    catalog: CatalogRecord,
  ): ServerReview {
    const before = new Map(review.before);
    const old = toolsByName(former);
    if (!former) return review;
    for (const [name, tool] of toolsByName(catalog)) {
      const last = before.get(name) ?? old.get(name);
      if (last && this.#tools.isSame(last, tool)) before.delete(name);
      else if (!before.has(name)) before.set(name, last ?? null);
    }
    return { accepted: undefined, before };
  }

  /** Its servers, or its option, may be others: what is there from now on counts as accepted. */
  #vmcpChanged(vmcpId: string): void {
    const record = this.deps.store.collections.vmcps.get(vmcpId);
    if (!record) return;
    const reviews = this.#records.of(vmcpId);
    const isReview = record.options.tool_changes === 'review';
    const next = new Map<string, ServerReview>();
    for (const [server_id, review] of reviews) {
      if (isReview && this.deps.mayReturn(server_id)) next.set(server_id, review);
    }
    for (const { server_id } of record.mcp_servers) {
      const review = reviews.get(server_id);
      const catalog = this.deps.catalog(server_id);
      const isOther = isReview !== (review?.accepted !== undefined);
      if (review && !isOther) next.set(server_id, review);
      else if (isReview && catalog) {
        const accepted = this.#tools.fingerprints(toolsByName(catalog));
        next.set(server_id, { accepted, before: new Map() });
      }
    }
    if (isDeepStrictEqual(next, new Map(reviews))) return;
    this.#keepSoon(vmcpId, next);
    this.deps.events.publish({ type: 'vmcp.tool_changes', vmcp_id: vmcpId, tools: [] });
  }

  #tell(record: VmcpRecord, serverId: string, tools: string[]): void {
    const { events, log, store } = this.deps;
    events.publish({ type: 'vmcp.tool_changes', vmcp_id: record.vmcp_id, tools });
    if (tools.length === 0) return;
    const server = store.collections.servers.get(serverId)?.name;
    const isHeld = record.options.tool_changes === 'review';
    const what = isHeld ? 'changed tools are held back' : 'tools of a server changed';
    log.warning(what, { vmcp: record.name, server, tools: tools.slice(0, 20).join(', ') });
  }

  async #keep(vmcpId: string, reviews: Reviews): Promise<void> {
    const { store } = this.deps;
    const isEmpty = [...reviews.values()].every((each) => !each.accepted && !each.before.size);
    const changes = isEmpty ? this.#records.removal(vmcpId) : [this.#records.put(vmcpId, reviews)];
    if (changes.length > 0) await store.commit(changes);
  }

  /** Visible at once; should it not be written, the next start holds back more, not less. */
  #keepSoon(vmcpId: string, reviews: Reviews): void {
    this.#keep(vmcpId, reviews).catch((error: unknown) => {
      this.deps.log.error('changes of tools could not be kept', { vmcp: vmcpId, error });
    });
  }
}
