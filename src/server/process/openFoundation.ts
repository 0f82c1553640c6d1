import { join } from 'node:path';
import { Consents } from '../consent/consents.ts';
import { EventBus } from '../events.ts';
import { acquireInstance, type Instance } from '../instance/instance.ts';
import type { LineLog } from '../log.ts';
import type { DatabaseThread } from '../store/databaseThread.ts';
import { openStore } from '../store/openStore.ts';
import type { Store } from '../store/store.ts';
import { createUpstreams } from '../upstream/createUpstreams.ts';
import { type Reaper, startReaper } from '../upstream/reaper.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { Closing } from './closing.ts';
import type { Flags } from './flags.ts';
import { keyFromFile } from './startUp.ts';

/** What a server is told at its start. */
export interface StartOptions {
  flags: Flags;
  log: LineLog;
  version: string;
  /** Where the built programs and the wasm file are. */
  programFolder: string;
}

export interface Foundation {
  instance: Instance;
  events: EventBus;
  store: Store;
  consents: Consents;
  reaper: Reaper;
  upstreams: Upstreams;
}

/** What works without any client: the folder's lock, the store, the upstreams. */
export async function openFoundation(
  { flags, log, version, programFolder }: StartOptions,
  thread: DatabaseThread,
  closing: Closing,
): Promise<Foundation> {
  const instance = await acquireInstance({ dataDir: flags.dataDir, version });
  closing.add('instance', () => instance.release());
  const events = new EventBus((error) => log.error('A listener of events failed', { error }));
  // begun before the store is opened, which takes as long
  const reaping = startReaper({
    program: join(programFolder, 'reaper.js'),
    dataFolder: instance.dataDir,
    log,
  });
  closing.add('reaper', async () => (await reaping).close());
  const key = keyFromFile(flags.secretsKey, instance.dataDir);
  const store = await openStore({
    dataDir: instance.dataDir,
    instanceStillOurs: () => instance.isOurs(),
    workerFile: join(programFolder, 'databaseWorker.js'),
    thread,
    log,
    onProblem: ({ code, message }) => events.publish({ type: 'problem', code, message }),
  });
  closing.add('store', () => store.close());
  const [reaper, fileKey] = await Promise.all([reaping, key]);
  if (fileKey) await store.secrets.unlock(fileKey);
  const consents = await Consents.open(store, flags.trust);
  const upstreams = createUpstreams({ store, consents, events, log, reaper, version });
  closing.add('upstreams', () => upstreams.close());
  return { instance, events, store, consents, reaper, upstreams };
}
