import type { Worker } from 'node:worker_threads';
import { exposeCollector, giveBackWhenIdle } from './garbage.ts';
import { signInPath } from './http/signInPage.ts';
import { Closing } from './process/closing.ts';
import { makeDemo } from './process/demo.ts';
import { watchLifetime } from './process/lifetime.ts';
import { type Edges, openEdges } from './process/openEdges.ts';
import { type Foundation, openFoundation, type StartOptions } from './process/openFoundation.ts';
import { openConfiguration, openPerforming } from './process/openVmcps.ts';
import { listenOn } from './process/startUp.ts';
import { DatabaseThread } from './store/databaseThread.ts';

/** Calls in flight get this long when the server stops. */
const drainMs = 5_000;

export interface ServerOptions extends StartOptions {
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

/** The vMCPs and all edges on the foundation. */
async function serve(
  options: StartOptions,
  foundation: Foundation,
  closing: Closing,
): Promise<RunningServer> {
  closing.add('memory', giveBackWhenIdle(exposeCollector()));
  const configuration = await openConfiguration(options, foundation, closing);
  const performing = await openPerforming(options, foundation, configuration, closing);
  let markEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    markEnded = resolve;
  });
  let closed: Promise<void> | undefined;
  const parts = { ...foundation, ...configuration, ...performing };
  const edges = openEdges(options, parts, closing, (mcp, reason) => {
    closed ??= mcp
      .close(reason, drainMs)
      .finally(() => closing.close())
      .finally(markEnded);
    return closed;
  });
  const url = await open(options, foundation, edges, closing);
  const { servers, vmcps } = configuration;
  if (options.flags.demo) await makeDemo({ dataDir: options.flags.dataDir, url, servers, vmcps });
  const { adminToken } = foundation.instance;
  return { url, adminToken, close: (reason) => edges.close(reason), ended };
}

/** Lets clients in. @returns the address */
async function open(
  { flags }: StartOptions,
  { instance, events, store, upstreams }: Foundation,
  { app, mcp, control, environment }: Edges,
  closing: Closing,
): Promise<string> {
  const listening = await listenOn(flags.port, app, store, events);
  closing.add('http', () => listening.close());
  const { port } = listening;
  const url = `http://127.0.0.1:${port}`;
  upstreams.setSignInAddress(url + signInPath);
  await instance.writeServerFile({ port });
  closing.add('environment', environment.follow(app.leases, upstreams));
  if (flags.managed) {
    const lifetime = {
      leases: () => app.leases.count,
      callsInFlight: () => mcp.callsInFlight,
      keepsRunning: () => control.keepsRunning,
    };
    const over = () => control.stop(false);
    closing.add('lifetime', watchLifetime(lifetime, flags.graceSeconds * 1000, over));
  }
  return url;
}
