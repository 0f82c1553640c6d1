import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { ActivityLog } from './activity/activityLog.ts';
import { Redactor } from './activity/redactor.ts';
import { Consents } from './consent/consents.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { EditorAnswers } from './editor/editorAnswers.ts';
import { EventBus } from './events.ts';
import { exposeCollector, giveBackWhenIdle } from './garbage.ts';
import { Access } from './http/access.ts';
import { createHttpApp } from './http/createHttpApp.ts';
import { signInPath } from './http/signInPage.ts';
import { acquireInstance, type Instance } from './instance/instance.ts';
import type { LineLog } from './log.ts';
import { McpServer } from './mcp/mcpServer.ts';
import { Closing } from './process/closing.ts';
import { makeDemo } from './process/demo.ts';
import type { Flags } from './process/flags.ts';
import { watchLifetime } from './process/lifetime.ts';
import { openClients } from './process/openClients.ts';
import { openCustomTools } from './process/openCustomTools.ts';
import { ServerControl } from './process/serverControl.ts';
import { keyFromFile, launcherEntry, listenOn } from './process/startUp.ts';
import { Registry } from './registry/registry.ts';
import { RegistryCopies } from './registry/registryCopy.ts';
import { DatabaseThread } from './store/databaseThread.ts';
import { openStore } from './store/openStore.ts';
import type { Store } from './store/store.ts';
import { Tracer } from './telemetry/tracer.ts';
import { TemplateCache } from './template/templateCache.ts';
import { ToolImporter } from './tools/import/toolImporter.ts';
import { createUpstreams } from './upstream/createUpstreams.ts';
import { type Reaper, startReaper } from './upstream/reaper.ts';
import type { Upstreams } from './upstream/upstreams.ts';
import { ToolSizes } from './vmcp/compile/toolSizes.ts';
import { createServers } from './vmcp/configuration/createServers.ts';
import { createVmcps } from './vmcp/configuration/createVmcps.ts';
import { NamedSecrets } from './vmcp/configuration/namedSecrets.ts';
import { CustomItems } from './vmcp/custom/customItems.ts';
import { ResourceContents } from './vmcp/custom/resourceContents.ts';
import { ResourceFiles } from './vmcp/custom/resourceFiles.ts';
import { DeletionRecords } from './vmcp/deletions/deletionRecords.ts';
import { Deletions } from './vmcp/deletions/deletions.ts';
import { PartyMemories } from './vmcp/operations/partyMemory.ts';
import { VmcpOperations } from './vmcp/operations/vmcpOperations.ts';

/** Calls in flight get this long when the server stops. */
const drainMs = 5_000;
export interface ServerOptions {
  flags: Flags;
  log: LineLog;
  version: string;
  /** Where the built programs and the wasm file are. */
  programFolder: string;
  /** The thread of the database, started ahead. */
  databaseWorker: Worker;
}

export interface RunningServer {
  url: string;
  adminToken: string;
  /** Stops in good order; `reason` is told to whoever waits for an answer. */
  close(reason: string): Promise<void>;
  /** Resolves once everything is closed. */
  ended: Promise<void>;
}

/**
 * Builds the whole server on one storage folder and owns all of it.
 * @throws AlreadyRunningError, PortInUseError, StoreError
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closing = new Closing(options.log);
  // at once: who listens later would miss that it could not start
  const thread = new DatabaseThread(options.databaseWorker);
  closing.add('database thread', () => thread.close());
  try {
    const foundation = await openFoundation(options, thread, closing);
    return await serve(options, foundation, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

interface Foundation {
  instance: Instance;
  events: EventBus;
  store: Store;
  consents: Consents;
  reaper: Reaper;
  upstreams: Upstreams;
}

/** What works without any client: the folder's lock, the store, the upstreams. */
async function openFoundation(
  { flags, log, version, programFolder }: ServerOptions,
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

/** The vMCPs and both edges on the foundation. */
async function serve(
  { flags, log, version, programFolder }: ServerOptions,
  { instance, events, store, consents, reaper, upstreams }: Foundation,
  closing: Closing,
): Promise<RunningServer> {
  closing.add('memory', giveBackWhenIdle(exposeCollector()));
  const redactor = new Redactor(store.secrets, events);
  closing.add('redactor', () => redactor.close());
  const tools = openCustomTools({ programFolder, log, reaper, redactor, events }, closing);
  const records = new DeletionRecords(store);
  const files = new ResourceFiles(instance.dataDir, log, records);
  await files.sweep((vmcpId) => store.collections.vmcps.get(vmcpId));
  const sizes = new ToolSizes();
  const vmcps = createVmcps({
    store,
    consents,
    upstreams,
    events,
    log,
    tools,
    files,
    sizes,
    deletions: records,
  });
  closing.add('vmcps', () => vmcps.close());
  const servers = createServers({
    store,
    consents,
    upstreams,
    events,
    log,
    sizes,
    deletions: records,
  });
  const deletions = new Deletions({ store, events, log, files, records, upstreams });
  closing.add('deletions', () => deletions.close());
  const activity = new ActivityLog({
    logs: store.logs,
    secrets: store.secrets,
    events,
    maskedConfig: (vmcpId) => vmcps.maskedConfig(vmcpId),
  });
  closing.add('activity', () => activity.close());
  const tracer = new Tracer(version, log);
  closing.add('tracer', () => tracer.close());
  await tracer.setEndpoint(flags.otlpEndpoint ?? '');
  const editor = new EditorAnswers({ store, events, log });
  closing.add('editor', () => editor.close());
  const memories = new PartyMemories();
  const contents = new ResourceContents({ vmcps, files, events });
  const templates = new TemplateCache();
  const operations = new VmcpOperations({
    ...{ vmcps, upstreams, activity, memories, tools, files, templates, editor, tracer },
  });
  const parts = { store, vmcps, servers, upstreams, operations, activity, memories, sizes, editor };
  const mcp = new McpServer({ ...parts, events, log, version });
  const { adminToken } = instance;
  const access = new Access(adminToken, flags.authentication);
  let markEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    markEnded = resolve;
  });
  let closed: Promise<void> | undefined;
  const close = (reason: string): Promise<void> => {
    closed ??= mcp
      .close(reason, drainMs)
      .finally(() => closing.close())
      .finally(markEnded);
    return closed;
  };
  let newestEnvironment: Readonly<NodeJS.ProcessEnv> = process.env;
  const environment = () => newestEnvironment;
  const registry = new Registry({
    servers,
    copies: new RegistryCopies(instance.dataDir),
    environment,
    log,
    url: flags.registryUrl,
  });
  closing.add('registry', () => registry.close());
  const control = new ServerControl({ access, store, events, log, registry, tracer, close });
  const diagnostics = new Diagnostics({
    ...{ version, servers, vmcps, events, redactor },
    settings: () => control.shown(),
    traffic: () => ({
      sessions: mcp.sessionCount,
      callsInFlight: mcp.callsInFlight,
      leases: app.leases.count,
    }),
  });
  const app = createHttpApp({
    ...parts,
    ...openClients(servers, instance.dataDir, environment),
    registry,
    deletions,
    customItems: new CustomItems(vmcps, store.secrets),
    namedSecrets: new NamedSecrets(store, events),
    contents,
    importer: new ToolImporter(join(programFolder, 'importWorker.js')),
    version,
    access,
    events,
    log,
    mcp,
    control,
    diagnostics,
    launcherEntry: (vmcpId) => launcherEntry(programFolder, flags.dataDir, vmcpId),
  });
  closing.add('http app', () => app.close());
  const listening = await listenOn(flags.port, app, store, events);
  closing.add('http', () => listening.close());
  upstreams.setSignInAddress(`http://127.0.0.1:${listening.port}${signInPath}`);
  await instance.writeServerFile({ port: listening.port });
  closing.add(
    'environment',
    app.leases.onChange(() => {
      const { newestEnv, newestFolders } = app.leases;
      if (newestFolders) upstreams.setWindowFolders(newestFolders);
      if (!newestEnv) return;
      newestEnvironment = newestEnv;
      upstreams.setEnvironment(newestEnv);
    }),
  );
  if (flags.managed) {
    const lifetime = {
      leases: () => app.leases.count,
      callsInFlight: () => mcp.callsInFlight,
      keepsRunning: () => control.keepsRunning,
    };
    const over = () => control.stop(false);
    closing.add('lifetime', watchLifetime(lifetime, flags.graceSeconds * 1000, over));
  }
  const url = `http://127.0.0.1:${listening.port}`;
  if (flags.demo) await makeDemo({ dataDir: flags.dataDir, url, servers, vmcps });
  return { url, adminToken, close, ended };
}
