import { crc32, deflateRawSync } from 'node:zlib';
import type { SqlValue } from 'sql.js';
import { logEntrySchema } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { logRowOf } from './logRecord.ts';
import { unpackTexts } from './logTexts.ts';

/** Steps from one schema to the next: the first makes schema 1 of an empty database. */
export type Migration = (database: Database) => void;

/** In order and never changed once released; a new schema is a new step. */
export const migrations: readonly Migration[] = [
  createTables,
  addCustomItems,
  packLogs,
  addFigures,
];

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

/**
 * Log rows became narrow, beside their whole texts; each names the sums that it joins when it is
 * pruned, which also say its vMCP, client and method.
 */
function packLogs(database: Database): void {
  database.script(`
    ALTER TABLE daily RENAME TO old_daily;
    CREATE TABLE daily (
      id INTEGER PRIMARY KEY, day INTEGER NOT NULL,
      vmcp_id TEXT NOT NULL, client_id TEXT NOT NULL, method TEXT NOT NULL,
      rows INTEGER NOT NULL, tools_exposed INTEGER NOT NULL,
      UNIQUE (day, vmcp_id, client_id, method)
    );
    INSERT INTO daily SELECT NULL, * FROM old_daily;
    INSERT OR IGNORE INTO daily
      SELECT NULL, at - at % 86400000, vmcp_id, client_id, method, 0, 0 FROM logs;
    DROP TABLE old_daily;

    ALTER TABLE logs RENAME TO old_logs;
    DROP INDEX logs_by_time;
    CREATE TABLE log_texts (
      batch INTEGER PRIMARY KEY, rows INTEGER NOT NULL, texts BLOB NOT NULL
    );
    CREATE TABLE logs (
      row INTEGER PRIMARY KEY, at INTEGER NOT NULL, sums INTEGER NOT NULL,
      tools_exposed INTEGER NOT NULL, batch INTEGER NOT NULL,
      start INTEGER NOT NULL, length INTEGER NOT NULL, id_hash INTEGER NOT NULL
    );
    CREATE INDEX logs_by_time ON logs (at);
  `);
  const batchSize = 250;
  let row = 1;
  for (let at = 0; ; at += batchSize) {
    const old = oldLogRows(database, batchSize, at);
    if (old.length === 0) break;
    row = packOldRows(database, row, old);
  }
  database.script('DROP TABLE old_logs');
}

/** Rows of the first log table: their id, time, sums, exposed tools, and whole text. */
function oldLogRows(database: Database, count: number, from: number): SqlValue[][] {
  return database.lists(
    `SELECT log_id, at, daily.id, old.tools_exposed, json_object(
      'log_id', log_id, 'client_id', old.client_id, 'client_name', client_name,
      'vmcp_id', old.vmcp_id, 'method', old.method, 'target', target,
      'mcp_server_id', mcp_server_id, 'success', json(iif(success, 'true', 'false')),
      'error', error, 'duration_ms', duration_ms, 'tools_exposed', old.tools_exposed,
      'timestamp', strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch'),
      'arguments', json(arguments), 'result', json(result),
      'active_config_snapshot', json(active_config_snapshot))
    FROM old_logs AS old
    JOIN daily ON day = at - at % 86400000 AND daily.vmcp_id = old.vmcp_id
      AND daily.client_id = old.client_id AND daily.method = old.method
    ORDER BY old.rowid LIMIT ? OFFSET ?`,
    [count, from],
  );
}

/** @returns the number of the row after them. */
function packOldRows(database: Database, batch: number, old: SqlValue[][]): number {
  let row = batch;
  let start = 0;
  const texts: Buffer[] = [];
  for (const [logId, at = 0, sums = 0, exposed = 0, text] of old) {
    const bytes = Buffer.from(String(text));
    texts.push(bytes);
    database.run('INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
      ...[row, at, sums, exposed, batch, start, bytes.length, crc32(String(logId))],
    ]);
    row += 1;
    start += bytes.length;
  }
  const packed = deflateRawSync(Buffer.concat(texts));
  database.run('INSERT INTO log_texts VALUES (?, ?, ?)', [batch, old.length, packed]);
  return row;
}

/**
 * Statistics got tools, servers, failures and durations, which rows so far hold in their texts only.
 * What rows and sums have in common moved to a table of its own; sums begin when rows are pruned.
 */
function addFigures(database: Database): void {
  database.script(`
    CREATE TABLE log_groups (
      id INTEGER PRIMARY KEY,
      vmcp_id TEXT NOT NULL, client_id TEXT NOT NULL, client_name TEXT NOT NULL,
      method TEXT NOT NULL, server_id TEXT NOT NULL, tool TEXT NOT NULL,
      UNIQUE (vmcp_id, client_id, client_name, method, server_id, tool)
    );
    INSERT INTO log_groups SELECT DISTINCT NULL, vmcp_id, client_id, '', method, '', ''
      FROM daily WHERE rows > 0;
    ALTER TABLE daily RENAME TO old_daily;
    CREATE TABLE daily (
      day INTEGER NOT NULL, group_id INTEGER NOT NULL,
      rows INTEGER NOT NULL, tools_exposed INTEGER NOT NULL,
      failed INTEGER NOT NULL, durations TEXT NOT NULL,
      PRIMARY KEY (day, group_id)
    ) WITHOUT ROWID;
    INSERT INTO daily SELECT day, log_groups.id, rows, tools_exposed, 0, ''
      FROM old_daily JOIN log_groups USING (vmcp_id, client_id, method) WHERE rows > 0;
    DROP TABLE old_daily;
    ALTER TABLE logs RENAME COLUMN sums TO group_id;
    ALTER TABLE logs ADD COLUMN duration INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE logs ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
  `);
  for (const [batch = null, packed] of database.lists('SELECT batch, texts FROM log_texts')) {
    const texts = unpackTexts(packed);
    const rows = database.lists('SELECT row, start, length FROM logs WHERE batch = ?', [batch]);
    for (const [row = null, start, length] of rows) {
      const text = texts.toString('utf8', Number(start), Number(start) + Number(length));
      addFiguresOf(database, row, text);
    }
  }
}

function addFiguresOf(database: Database, row: SqlValue, text: string): void {
  const { durationMs, success, ...group } = logRowOf(logEntrySchema.parse(JSON.parse(text)));
  const { vmcpId, clientId, clientName, method, serverId, tool } = group;
  const key = [vmcpId, clientId, clientName, method, serverId, tool];
  database.run('INSERT OR IGNORE INTO log_groups VALUES (NULL, ?, ?, ?, ?, ?, ?)', key);
  database.run(
    `UPDATE logs SET duration = ?, failed = ?, group_id = (SELECT id FROM log_groups
       WHERE vmcp_id = ? AND client_id = ? AND client_name = ? AND method = ? AND server_id = ?
       AND tool = ?)
     WHERE row = ?`,
    [Math.round(durationMs * 1000), success ? 0 : 1, ...key, row],
  );
}
