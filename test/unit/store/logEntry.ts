import type { LogEntry } from '../../../src/contract/stats.ts';
import { type LogRow, logRowOf } from '../../../src/server/store/logRecord.ts';

export function aLogRow(id: string, changes: Partial<LogEntry> = {}): LogRow {
  return logRowOf(aLogEntry(id, changes));
}

export function aLogEntry(id: string, changes: Partial<LogEntry> = {}): LogEntry {
  return {
    log_id: id,
    client_id: 'client_1',
    client_name: 'test',
    vmcp_id: 'vmcp_1',
    method: 'tools/call',
    target: 'everything.echo',
    mcp_server_id: 'server_1',
    arguments: { message: 'hello' },
    result: { content: [{ type: 'text', text: 'Echo: hello' }] },
    success: true,
    error: null,
    duration_ms: 1.5,
    tools_exposed: 26,
    active_config_snapshot: {},
    timestamp: new Date().toISOString(),
    ...changes,
  };
}
