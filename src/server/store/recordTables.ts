import { isJsonObject } from '../../contract/json.ts';
import type { Database } from './database.ts';
import { type CollectionName, collectionNames, idFields, isCollectionName } from './records.ts';

/** All records of all collections as `[id, JSON]`, in the order in which they were first written. */
export type StoredRecords = Record<CollectionName, [id: string, body: string][]>;

/**
 * Applies the changes of one journal record, whatever stands in it.
 * @throws Error that says what cannot be applied; the caller rolls back.
 */
export function applyChanges(database: Database, changes: readonly unknown[]): void {
  for (const change of changes) {
    if (!isJsonObject(change) || !isCollectionName(change.collection)) {
      throw new Error('it changes a collection that does not exist');
    }
    const collection = change.collection;
    if (typeof change.delete === 'string') {
      database.run(`DELETE FROM "${collection}" WHERE id = ?`, [change.delete]);
      continue;
    }
    const put = change.put;
    const id = isJsonObject(put) ? put[idFields[collection]] : undefined;
    if (typeof id !== 'string') throw new Error(`its record for ${collection} has no id`);
    database.run(
      `INSERT INTO "${collection}" (id, body) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      [id, JSON.stringify(put)],
    );
  }
}

export function readRecords(database: Database): StoredRecords {
  const read = (name: CollectionName) =>
    database
      .all(`SELECT id, body FROM "${name}" ORDER BY rowid`)
      .map((row): [string, string] => [String(row.id), String(row.body)]);
  return Object.fromEntries(collectionNames.map((name) => [name, read(name)])) as StoredRecords;
}
