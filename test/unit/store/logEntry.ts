import type { LogEntry } from '../../../src/contract/stats.ts';

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
