import { MemoryCollection } from './memoryCollection.ts';
import { recordSchemas } from './recordSchemas.ts';
import { type Change, type CollectionName, type Collections, idFields } from './records.ts';
import type { StoredRecords } from './recordTables.ts';
import { reasonOf } from './storeError.ts';

export type MemoryCollections = {
  readonly [K in CollectionName]: MemoryCollection<Collections[K]>;
};

/** A stored record that cannot be used: not JSON, or not of its collection's shape. */
export interface UnusableRecord {
  collection: CollectionName;
  id: string;
  body: string;
  reason: string;
}

/** Makes the collections of what the database holds. */
export function loadCollections(stored: StoredRecords): {
  collections: MemoryCollections;
  unusable: UnusableRecord[];
} {
  const unusable: UnusableRecord[] = [];
  const load = <K extends CollectionName>(collection: K): MemoryCollection<Collections[K]> => {
    const loaded = new MemoryCollection<Collections[K]>();
    for (const [id, body] of stored[collection]) {
      const record = parseRecord(collection, body);
      if (record.reason === undefined) loaded.set(id, record.value as Collections[K]);
      else unusable.push({ collection, id, body, reason: record.reason });
    }
    return loaded;
  };
  const collections = {
    servers: load('servers'),
    vmcps: load('vmcps'),
    catalogs: load('catalogs'),
    sessions: load('sessions'),
    nameClaims: load('nameClaims'),
    clientTokens: load('clientTokens'),
    settings: load('settings'),
  };
  return { collections, unusable };
}

/** Applies changes at once. @returns how to take them back, as long as nothing came after. */
export function applyToMemory(
  collections: MemoryCollections,
  changes: readonly Change[],
): () => void {
  const undo: (() => void)[] = [];
  for (const change of changes) {
    const collection: MemoryCollection<unknown> = collections[change.collection];
    const id = idOf(change);
    const before = collection.get(id);
    collection.set(id, 'put' in change ? change.put : undefined);
    undo.push(() => collection.set(id, before));
  }
  return () => {
    for (const step of undo.toReversed()) step();
  };
}

function idOf(change: Change): string {
  if ('delete' in change) return change.delete;
  const record: Readonly<Record<string, unknown>> = { ...change.put };
  return String(record[idFields[change.collection]]);
}

function parseRecord(
  collection: CollectionName,
  body: string,
): { value: unknown; reason?: undefined } | { reason: string } {
  try {
    const value: unknown = JSON.parse(body);
    const checked = recordSchemas[collection].safeParse(value);
    if (checked.success) return { value };
    const issue = checked.error.issues[0];
    return { reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}` };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
