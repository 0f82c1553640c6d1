import type { LogEntry } from '../../src/contract/stats.ts';
import type { Database } from '../../src/server/store/database.ts';
import { LogPayload, logRowOf, readLogPayload } from '../../src/server/store/logRecord.ts';
import { defaultLogLimits, LogTable } from '../../src/server/store/logTable.ts';
import { aLogEntry } from '../unit/store/logEntry.ts';

/** Rows of one journal record, as the server writes them. */
const batchSize = 250;
const clients = ['claude-code', 'cursor', 'Visual Studio Code'];

/** Who is called in made-up rows. */
export interface Cast {
  servers: readonly { id: string; name: string; tools: readonly string[] }[];
  vmcps: readonly string[];
}

const madeUpCast: Cast = {
  servers: ['files', 'github', 'tracker', 'search', 'mail'].map((name, index) => ({
    id: `server_${index}`,
    name,
    tools: Array.from({ length: 20 }, (_, tool) => `tool_${tool}`),
  })),
  vmcps: ['vmcp_0', 'vmcp_1', 'vmcp_2', 'vmcp_3'],
};

/**
 * Fills a database with made-up calls of a month by 3 clients; one in 20 fails. The same ones at
 * each run.
 * @param now when the last one was, milliseconds since 1970.
 * @param cast by default 5 servers of 20 tools each, and 4 vMCPs.
 */
export function addManyRows(
  database: Database,
  rows: number,
  now: number,
  cast = madeUpCast,
): LogTable {
  const table = new LogTable(database, defaultLogLimits);
  const step = (29 * 86_400_000) / rows;
  const random = generator();
  for (let first = 0; first < rows; first += batchSize) {
    const payload = new LogPayload();
    for (let index = first; index < Math.min(rows, first + batchSize); index++) {
      payload.add(logRowOf(madeUp(cast, index, now - (rows - index) * step, random)));
    }
    const record = readLogPayload(payload.take());
    if (record) table.insert(record);
  }
  return table;
}

function madeUp(cast: Cast, index: number, at: number, random: () => number): LogEntry {
  const { servers, vmcps } = cast;
  const server = servers[Math.floor(random() ** 2 * servers.length)];
  const tools = server?.tools ?? [];
  const tool = Math.floor(random() ** 3 * tools.length);
  const client = Math.floor(random() ** 2 * clients.length);
  const failed = random() < 0.05;
  const isList = random() < 0.1;
  const message = `${index} ${'reads a page of the handbook and of the notes '.repeat(3)}`;
  return aLogEntry(`log_${index.toString(16).padStart(32, '0')}`, {
    client_id: `client_${client}`,
    client_name: clients[client] ?? '',
    vmcp_id: vmcps[Math.floor(random() ** 2 * vmcps.length)] ?? '',
    method: isList ? 'tools/list' : 'tools/call',
    target: isList ? null : `${server?.name}.${tools[tool]}`,
    mcp_server_id: isList ? null : (server?.id ?? ''),
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
