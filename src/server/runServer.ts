import type { Worker } from 'node:worker_threads';
import { type RunningServer, startServer } from './createServer.ts';
import { AlreadyRunningError } from './instance/alreadyRunningError.ts';
import { LineLog } from './log.ts';
import { demoName } from './process/demo.ts';
import type { Flags } from './process/flags.ts';

export interface RunOptions {
  flags: Flags;
  version: string;
  /** Where the built programs are. */
  programFolder: string;
  databaseWorker: Worker;
  /** Keeps the compiled program for the next start, where that was not done yet. */
  keepCompiled(): Promise<void>;
}

/** By then the first lists are answered, and what they need is compiled, too. */
const keepCompiledAfterMs = 2_000;

/** Runs the server until it is stopped, and ends the process. */
export async function runServer(options: RunOptions): Promise<void> {
  const { flags, keepCompiled, ...others } = options;
  const log = new LineLog(flags.logLevel, (line) => process.stderr.write(`${line}\n`));
  try {
    const server = await startServer({ flags, log, ...others });
    const keep = () =>
      keepCompiled().catch((error) => log.warning('The compiled program is not kept', { error }));
    const keeping = setTimeout(keep, keepCompiledAfterMs).unref();
    await run(server, flags, log);
    clearTimeout(keeping);
    await keep();
    process.exit(0);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`vmcp: ${message}\n`);
    process.exit(error instanceof AlreadyRunningError ? 3 : 1);
  }
}

async function run(server: RunningServer, flags: Flags, log: LineLog): Promise<void> {
  closeOnSignals(server, log);
  // the first line tells programs that started us where to look
  process.stdout.write(`vMCP listening on ${server.url}\n`);
  if (flags.demo) process.stdout.write(welcome(server, flags));
  await server.ended;
}

function closeOnSignals(server: RunningServer, log: LineLog): void {
  let closing = false;
  const close = (signal: NodeJS.Signals) => {
    if (closing) process.exit(1); // the second signal means “now”
    closing = true;
    log.info('Stopping', { signal });
    server.close(`the server was stopped (${signal})`).catch((error: unknown) => {
      log.error('Stopping failed', { error });
      process.exit(1);
    });
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', { error }));
  process.on('uncaughtException', (error) => {
    log.error('Uncaught exception', { error });
    if (closing) process.exit(1);
    close('SIGTERM');
  });
}

function welcome({ url, adminToken }: RunningServer, { authentication }: Flags): string {
  const token = authentication === 'token' ? ` -H 'Authorization: Bearer ${adminToken}'` : '';
  const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`;
  return `
REST  ${url}/api
  curl -s${token} ${url}/api/vmcps

MCP   ${url}/mcp/${demoName}
  curl -s${token} -H 'Content-Type: application/json' -d '${list}' ${url}/mcp/${demoName}

`;
}
