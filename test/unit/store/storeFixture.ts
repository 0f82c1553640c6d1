import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { ServerRecord } from '../../../src/contract/servers.ts';
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
  await build('src/server/store/databaseWorker.ts', workerFile);
  return workerFile;
}

/** Builds the program with a store that tests kill. */
export async function buildStoreProgram(cleanup: Cleanup): Promise<string> {
  const program = join(await makeTempDir(cleanup), 'storeProgram.mjs');
  await build('test/unit/store/storeProgram.ts', program);
  return program;
}

async function build(entry: string, outfile: string): Promise<void> {
  await esbuild.build({
    entryPoints: [join(repository, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: outfile.endsWith('.mjs') ? 'esm' : 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
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
