import { setTimeout as delay } from 'node:timers/promises';
import { apiVersion } from '../contract/admin.ts';
import { type FoundServer, findServer } from './foundServer.ts';
import { exchangeJson } from './jsonHttp.ts';
import { writeLauncherScript } from './launcherScript.ts';
import { LinkError } from './linkError.ts';
import { installProgram, removeUnusedPrograms, type ServerProgram } from './serverProgram.ts';
import { type StartedServer, serverLogPath, serverLogTail, startServer } from './startServer.ts';
import { compareVersions } from './versions.ts';

export interface ConnectOptions {
  dataDir: string;
  /** The files to start a server from, and the version that stands behind them. */
  source: ServerProgram;
  /** Copies the files into the storage folder before the start; off where they lie there already. */
  install: boolean;
  /** Ends a running server of a lower version and starts ours. */
  takeOver: boolean;
  /** More arguments for the server's command line. */
  serverArguments?: readonly string[];
}

/** A start, the first one after an update on a slow disk included. */
const startTimeoutMs = 15_000;
/** A server that is told to stop lets calls in flight end for 5 s, then writes its snapshot. */
const stopTimeoutMs = 10_000;
/** The exit code of a server that finds the storage folder taken by another one. */
const lostRaceCode = 3;
/** How long the one that took the folder may need until it answers. */
const winnerTimeoutMs = 5_000;

/**
 * Finds the running server of the storage folder, or starts one, and waits until it has proved itself.
 * @throws LinkError where none can be started or the running one speaks another API
 */
export async function connectServer(
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<FoundServer> {
  const { dataDir, source } = options;
  if (options.install) await writeLauncherScript(dataDir);
  const running = await findServer(dataDir, signal);
  if (running) {
    const lower = compareVersions(running.health.version, source.version) < 0;
    if (!options.takeOver || !lower) return compatible(running);
    await stopForSuccessor(running, dataDir, signal);
  }
  const program = options.install ? await installProgram(dataDir, source) : source;
  signal.throwIfAborted();
  const started = await startServer(dataDir, program, options.serverArguments ?? []);
  const server = await awaitServer(dataDir, started, signal);
  if (options.install && server.health.pid === started.pid) {
    await removeUnusedPrograms(dataDir, program);
  }
  return compatible(server);
}

async function awaitServer(
  dataDir: string,
  started: StartedServer,
  signal: AbortSignal,
): Promise<FoundServer> {
  let deadline = Date.now() + startTimeoutMs;
  let ended = false;
  void started.exited.then((code) => {
    ended = true;
    const left = code === lostRaceCode ? winnerTimeoutMs : 500;
    deadline = Math.min(deadline, Date.now() + left);
  });
  for (let pause = 20; Date.now() < deadline; pause = Math.min(pause * 1.2, 200)) {
    const found = await findServer(dataDir, signal);
    if (found) return found;
    await delay(pause, undefined, { signal });
  }
  const tail = await serverLogTail(dataDir, 5);
  const what = ended
    ? 'The vMCP server ended right after its start.'
    : `The vMCP server did not answer within ${startTimeoutMs / 1000} s.`;
  throw new LinkError(
    'not_started',
    `${what} Its log is ${serverLogPath(dataDir)}.\n${tail}`.trim(),
  );
}

async function stopForSuccessor(
  running: FoundServer,
  dataDir: string,
  signal: AbortSignal,
): Promise<void> {
  await exchangeJson(undefined, {
    port: running.file.port,
    token: running.file.adminToken,
    method: 'POST',
    path: '/api/admin/stop',
    body: { successor: true },
    timeoutMs: stopTimeoutMs,
    signal,
  });
  if (await awaitGone(dataDir, running.file.instance, signal)) return;
  throw new LinkError(
    'not_started',
    `The vMCP server of version ${running.health.version} (process ${running.health.pid}) does not end, so the newer one cannot start.`,
  );
}

/** Waits until a server that is ending has ended. @returns false where it still answers after 10 s */
export async function awaitGone(
  dataDir: string,
  instance: string,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + stopTimeoutMs;
  while (Date.now() < deadline) {
    const now = await findServer(dataDir, signal);
    if (now?.file.instance !== instance) return true;
    await delay(50, undefined, { signal });
  }
  return false;
}

function compatible(server: FoundServer): FoundServer {
  if (server.health.api === apiVersion) return server;
  throw new LinkError(
    'incompatible',
    `A vMCP server of version ${server.health.version} runs, which this window cannot talk to. Reload the window to update it.`,
  );
}
