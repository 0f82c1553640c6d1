import type { Database } from './database.ts';

/** Steps from one schema to the next: the first makes schema 1 of an empty database. */
export type Migration = (database: Database) => void;

/** In order and never changed once released; a new schema is a new step. */
export const migrations: readonly Migration[] = [createTables, addCustomItems];

/** Brings a database up to schema `target`, one transaction a step. */
export function migrate(database: Database, steps: readonly Migration[], target: number): void {
  for (let version = database.schema; version < target; version++) {
    const step = steps[version];
    if (!step) throw new Error(`There is no migration from schema ${version}.`);
    database.atomically(() => {
      step(database);
      database.schema = version + 1;
    });
  }
}

function createTables(database: Database): void {
  const collections = ['servers', 'vmcps', 'catalogs', 'sessions', 'nameClaims', 'clientTokens'];
  for (const name of [...collections, 'settings']) {
    database.script(`CREATE TABLE "${name}" (id TEXT PRIMARY KEY, body TEXT NOT NULL)`);
  }
  // Long values last: SQLite need not walk through them for the columns before.
  database.script(`
    CREATE TABLE logs (
      log_id TEXT PRIMARY KEY, at INTEGER NOT NULL, bytes INTEGER NOT NULL,
      client_id TEXT NOT NULL, client_name TEXT NOT NULL, vmcp_id TEXT NOT NULL,
      method TEXT NOT NULL, target TEXT, mcp_server_id TEXT, success INTEGER NOT NULL,
      duration_ms REAL NOT NULL, tools_exposed INTEGER NOT NULL, error TEXT,
      active_config_snapshot TEXT NOT NULL, arguments TEXT NOT NULL, result TEXT NOT NULL
    );
    CREATE INDEX logs_by_time ON logs (at, vmcp_id, client_id, method, tools_exposed);
    CREATE TABLE daily (
      day INTEGER NOT NULL, vmcp_id TEXT NOT NULL, client_id TEXT NOT NULL, method TEXT NOT NULL,
      rows INTEGER NOT NULL, tools_exposed INTEGER NOT NULL,
      PRIMARY KEY (day, vmcp_id, client_id, method)
    ) WITHOUT ROWID;
  `);
}

/** vMCPs got tools, prompts and resources of their own. */
function addCustomItems(database: Database): void {
  database.script(`
    UPDATE vmcps SET body = json_insert(body,
      '$.custom_tools', json('[]'), '$.custom_prompts', json('[]'), '$.custom_resources', json('[]'))
    WHERE json_valid(body)`);
}
