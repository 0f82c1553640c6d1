import { LineLog } from '../../../src/server/log.ts';
import { openStore } from '../../../src/server/store/openStore.ts';
import type { Store } from '../../../src/server/store/store.ts';
import { StoreError } from '../../../src/server/store/storeError.ts';
import { aLogRow } from './logEntry.ts';

// A process with a store, for tests in which processes are killed or their disk is full.
// arguments: what to do, data folder, worker file. Each line on stdout is one JSON object.

const [task, dataDir = '', workerFile = ''] = process.argv.slice(2);

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function settings(store: Store): Record<string, unknown> {
  const all = [...store.collections.settings.all()];
  return Object.fromEntries(all.map(({ key, value }) => [key, value.n]));
}

function put(store: Store, key: string, n: number, bytes: number): Promise<void> {
  const value = { n, padding: 'x'.repeat(bytes) };
  return store.commit([{ collection: 'settings', put: { key, value } }]);
}

/** Writes without end, tells what was acknowledged and when which log row was handed over. */
async function writeForEver(store: Store): Promise<void> {
  const { logs } = await store.logs.query({ page: 1, page_size: 1 });
  tell({ settings: settings(store), problems: store.problems, newestLog: logs[0]?.timestamp });
  let n = Math.max(0, ...Object.values(settings(store)).map(Number));
  for (;;) {
    const at = new Date().toISOString();
    store.logs.append([aLogRow(`log_${process.pid}_${n}`, { timestamp: at })]);
    const writes = [++n, ++n, ++n].map(async (each) => {
      await put(store, `key${each % 50}`, each, 6_000);
      tell({ written: each, at });
    });
    await Promise.all(writes);
  }
}

/** Meets a limit for the size of files (2 MiB) and tells what that did. */
async function fillUp(store: Store): Promise<void> {
  await put(store, 'first', 1, 10);
  const before = settings(store);
  const tooLarge = await put(store, 'first', 2, 3_000_000).then(() => 'written', codeOf);
  const unchanged = JSON.stringify(settings(store)) === JSON.stringify(before);
  await put(store, 'second', 1, 10);
  const sent = Array.from({ length: 60 }, (_, index) => put(store, `many${index}`, index, 50_000));
  const atOnce = await Promise.all(sent.map((each) => each.then(() => 'written', codeOf)));
  const later: string[] = [];
  for (let index = 0; index < 60; index++) {
    later.push(await put(store, `later${index}`, index, 50_000).then(() => 'written', codeOf));
  }
  store.logs.append([aLogRow('log_1')]);
  await store.close();
  tell({ tooLarge, unchanged, atOnce, later, settings: settings(store) });
}

function codeOf(error: unknown): string {
  return error instanceof StoreError ? error.code : String(error);
}

const store = await openStore({
  dataDir,
  workerFile,
  instanceStillOurs: () => true,
  log: new LineLog('error', (line) => process.stderr.write(`${line}\n`)),
});
await (task === 'fill' ? fillUp(store) : writeForEver(store));
