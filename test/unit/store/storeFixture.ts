import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { ServerRecord } from '../../../src/contract/servers.ts';
import type { LogEntry } from '../../../src/contract/stats.ts';
import { LineLog } from '../../../src/server/log.ts';
import { openStore, type StoreOptions } from '../../../src/server/store/openStore.ts';
import type { Store } from '../../../src/server/store/store.ts';
import { type Cleanup, makeTempDir } from '../../support/cleanup.ts';
import { repository } from '../../support/paths.ts';

/** Builds the database worker into a folder of its own, so that tests need no build before them. */
export async function buildWorker(cleanup: Cleanup): Promise<string> {
  const folder = await makeTempDir(cleanup);
  const require = createRequire(import.meta.url);
  await copyFile(require.resolve('sql.js/dist/sql-wasm.wasm'), join(folder, 'sql-wasm.wasm'));
  const workerFile = join(folder, 'databaseWorker.js');
  await esbuild.build({
    entryPoints: [join(repository, 'src/server/store/databaseWorker.ts')],
    outfile: workerFile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return workerFile;
}

/** Opens a store whose lock is held and whose log goes nowhere. */
export function openTestStore(
  options: Partial<StoreOptions> & Pick<StoreOptions, 'dataDir' | 'workerFile'>,
): Promise<Store> {
  return openStore({
    instanceStillOurs: () => true,
    log: new LineLog('error', () => undefined),
    ...options,
  });
}

export function aServer(id: string, description = ''): ServerRecord {
  return {
    server_id: id,
    name: 'one',
    description,
    transport_type: 'stdio',
    config: { command: 'node', args: [], env: {} },
    auth: { type: 'none' },
    enabled: true,
    start: 'onUse',
    call_timeout_s: 600,
    withheld_capabilities: [],
    last_connected: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  };
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
