import type { LogEntry } from '../../../src/contract/stats.ts';
import type { Database } from '../../../src/server/store/database.ts';
import { LogPayload, logRowOf, readLogPayload } from '../../../src/server/store/logRecord.ts';
import { defaultLogLimits, LogTable } from '../../../src/server/store/logTable.ts';
import { aLogEntry } from './logEntry.ts';

/** Rows of one journal record, as the server writes them. */
const batchSize = 250;
const servers = ['files', 'github', 'tracker', 'search', 'mail'];
const clients = ['claude', 'cursor', 'Visual Studio Code'];

/**
 * Fills a database with made-up calls of a month: 5 servers of 20 tools each, 4 vMCPs, 3 clients;
 * one in 20 fails. The same ones at each run.
 * @param now when the last one was, milliseconds since 1970.
 */
export function addManyRows(database: Database, rows: number, now: number): LogTable {
  const table = new LogTable(database, defaultLogLimits);
  const step = (29 * 86_400_000) / rows;
  const random = generator();
  for (let first = 0; first < rows; first += batchSize) {
    const payload = new LogPayload();
    for (let index = first; index < Math.min(rows, first + batchSize); index++) {
      payload.add(logRowOf(madeUp(index, now - (rows - index) * step, random)));
    }
    const record = readLogPayload(Buffer.from(payload.toString()));
    if (record) table.insert(record);
  }
  return table;
}

function madeUp(index: number, at: number, random: () => number): LogEntry {
  const server = Math.floor(random() ** 2 * servers.length);
  const tool = Math.floor(random() ** 3 * 20);
  const client = Math.floor(random() ** 2 * clients.length);
  const failed = random() < 0.05;
  const isList = random() < 0.1;
  const message = `${index} ${'reads a page of the handbook and of the notes '.repeat(3)}`;
  return aLogEntry(`log_${index.toString(16).padStart(32, '0')}`, {
    client_id: `client_${client}`,
    client_name: clients[client] ?? '',
    vmcp_id: `vmcp_${Math.floor(random() * 4)}`,
    method: isList ? 'tools/list' : 'tools/call',
    target: isList ? null : `${servers[server]}.tool_${tool}`,
    mcp_server_id: isList ? null : `server_${server}`,
    arguments: { message, page: index },
    result: failed ? null : { content: [{ type: 'text', text: `Done: ${message}` }] },
    success: !failed,
    error: failed ? `Page ${index} is not there` : null,
    duration_ms: Math.round((1 + tool * 3) * (1 + random() ** 4 * 30) * 1000) / 1000,
    timestamp: new Date(Math.trunc(at)).toISOString(),
  });
}

/** Numbers from 0 to 1 that look random (a multiplicative congruential generator). */
function generator(): () => number {
  let state = 42;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
