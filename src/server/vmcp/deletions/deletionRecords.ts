import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { jsonObjectSchema } from '../../../contract/common.ts';
import type { StoredResource } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { Deleted } from '../../../contract/undo.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { type Change, type CollectionName, idFields } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { WritePlan } from '../configuration/plannedWrite.ts';

/** How long a deletion can be undone, milliseconds. */
export const undoMs = 10 * 60_000;
/** Of more deletions than these the oldest are final. */
const maxDeletions = 20;

const settingPrefix = 'deletions/';
const secretPrefix = 'deleted/';

const stepSchema = z.object({
  collection: z.enum(['servers', 'vmcps', 'catalogs', 'nameClaims', 'clientTokens', 'settings']),
  id: z.string(),
  before: jsonObjectSchema,
  /** Null where the record was deleted. */
  after: jsonObjectSchema.nullable(),
});
const deletionSchema = z.object({
  undo_id: z.string(),
  /** What was deleted, for people: “MCP server "files"”. */
  what: z.string(),
  deleted_at: z.iso.datetime(),
  steps: z.array(stepSchema),
});
export type DeletionStep = z.infer<typeof stepSchema>;
/** What one deletion took away, whole. */
export type Deletion = z.infer<typeof deletionSchema>;

/** How a deletion at that time can be undone. @param now milliseconds since 1970 */
export function newUndo(now: number): Deleted {
  const undo_id = `undo_${randomUUID().replaceAll('-', '')}`;
  return { undo_id, undo_until: new Date(now + undoMs).toISOString() };
}

/**
 * What was deleted within the last ten minutes. It stands in the store beside what there is, so that
 * it is kept by the same write, and outlives a restart; its secrets stand in the secret store.
 */
export class DeletionRecords {
  constructor(private readonly store: Store) {}

  get(undoId: string): Deletion | undefined {
    return parse(this.store.collections.settings.get(settingPrefix + undoId)?.value);
  }

  /** Oldest first. */
  all(): Deletion[] {
    return [...this.store.collections.settings.all()]
      .filter(({ key }) => key.startsWith(settingPrefix))
      .flatMap(({ value }) => parse(value) ?? []);
  }

  /** Whether a server was deleted and may come back. */
  holdsServer(serverId: string): boolean {
    return this.all().some(({ steps }) =>
      steps.some(({ collection, id }) => collection === 'servers' && id === serverId),
    );
  }

  /** Resources of a vMCP that may come back: their files stay. */
  resourcesOf(vmcpId: string): StoredResource[] {
    const steps = this.all().flatMap((deletion) =>
      deletion.steps.filter(({ collection, id }) => collection === 'vmcps' && id === vmcpId),
    );
    return steps.flatMap(({ before, after }) => {
      const left = after ? recordOf<VmcpRecord>(after).custom_resources : [];
      const leftNames = new Set(left.map(({ name }) => name));
      const all = recordOf<VmcpRecord>(before).custom_resources;
      return all.filter(({ name }) => !leftNames.has(name));
    });
  }

  /**
   * A deletion with what undoes it. The secrets that go with it are the obsolete ones of the plan.
   * @param undo made once for a deletion, however often it is planned
   */
  keep(undo: Deleted, what: string, plan: WritePlan): WritePlan {
    const deleted_at = new Date(Date.parse(undo.undo_until) - undoMs).toISOString();
    const steps = plan.changes.flatMap((change) => this.#step(change));
    const value = { undo_id: undo.undo_id, what, deleted_at, steps };
    const surplus = this.all().slice(0, 1 - maxDeletions);
    return {
      changes: [
        ...plan.changes,
        ...surplus.map((deletion) => this.removal(deletion)),
        { collection: 'settings', put: { key: settingPrefix + undo.undo_id, value } },
      ],
      secrets: { ...plan.secrets, ...this.#copies(undo.undo_id, plan.obsoleteSecrets) },
      obsoleteSecrets: plan.obsoleteSecrets,
    };
  }

  removal({ undo_id }: Deletion): Change {
    return { collection: 'settings', delete: settingPrefix + undo_id };
  }

  /** The secrets of a deletion: copy and original, by name. */
  secretsOf(undoId: string): { copy: string; original: string }[] {
    const prefix = `${secretPrefix}${undoId}/`;
    return this.store.secrets
      .names(prefix)
      .map((copy) => ({ copy, original: copy.slice(prefix.length) }));
  }

  /** Copies of secrets whose deletion is final. */
  orphanedSecrets(): string[] {
    const known = new Set(this.all().map(({ undo_id }) => undo_id));
    return this.store.secrets
      .names(secretPrefix)
      .filter((name) => !known.has(name.split('/')[1] ?? ''));
  }

  /** Sign-ins at servers whose deletion is final; `prefix` stands before the names of their secrets. */
  orphanedSignIns(): { serverId: string; prefix: string }[] {
    const found = new Map<string, { serverId: string; prefix: string }>();
    for (const name of this.orphanedSecrets()) {
      const [deleted, undoId, kind, serverId = ''] = name.split('/');
      // A crash while a deletion was undone leaves copies of what is in use again.
      const isGone = kind === 'oauth' && !this.store.collections.servers.get(serverId);
      const prefix = `${deleted}/${undoId}/`;
      if (isGone) found.set(prefix + serverId, { serverId, prefix });
    }
    return [...found.values()];
  }

  #step(change: Change): DeletionStep[] {
    const { collection } = change;
    if (collection === 'sessions') return [];
    const id = idOf(change);
    const before = this.store.collections[collection].get(id);
    if (!before) return [];
    const after = 'put' in change ? toJson(change.put) : null;
    return [{ collection, id, before: toJson(before), after }];
  }

  /** None while the secrets are locked: the write itself is refused then. */
  #copies(undoId: string, names: readonly string[]): Record<string, string> {
    const { secrets } = this.store;
    if (secrets.locked) return {};
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = secrets.get(name);
        return value === undefined ? [] : [[`${secretPrefix}${undoId}/${name}`, value]];
      }),
    );
  }
}

/** A record as a deletion keeps it; the store wrote it, in that shape. */
export function recordOf<T>(kept: JsonObject): T {
  return kept as unknown as T;
}

function idOf(change: Change): string {
  if ('delete' in change) return change.delete;
  const field: string = idFields[change.collection as CollectionName];
  return String(toJson(change.put)[field]);
}

function toJson(record: object): JsonObject {
  return record as JsonObject;
}

function parse(value: JsonObject | undefined): Deletion | undefined {
  return value && deletionSchema.safeParse(value).data;
}
