import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { messageOf } from '../serverLink/linkError.ts';
import { newestProgram, type ServerProgram } from '../serverLink/serverProgram.ts';
import { parseLauncherArguments } from './launcherArguments.ts';
import { McpSession } from './mcpSession.ts';
import { ServerConnection } from './serverConnection.ts';
import { lineWriter, StdioRelay } from './stdioRelay.ts';

/** Set by the build. */
const version = process.env.VMCP_VERSION ?? '0.0.0';

/** Answers that stand in the pipe are still written; nothing else may hold the process. */
const exitTimeoutMs = 3000;

main().then(exit, (error: unknown) => {
  report(messageOf(error));
  exit(1);
});

async function main(): Promise<number> {
  const { dataDir, vmcp } = parseLauncherArguments(process.argv.slice(2));
  const connection = new ServerConnection(
    {
      dataDir,
      source: await findProgram(dataDir),
      install: false,
      takeOver: false,
      socket: WebSocket,
      lease: () => ({ type: 'lease', holder: 'launcher', version }),
    },
    vmcp,
  );
  const write = lineWriter(process.stdout);
  const session = new McpSession({
    connect: (signal) => connection.current(signal),
    write,
    report,
  });
  connection.open();
  const relay = new StdioRelay(session, write);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.stdin.destroy());
  }
  await relay.run(process.stdin).finally(() => connection.close());
  return 0;
}

/** The server beside this file, or the newest one in the storage folder. */
async function findProgram(dataDir: string): Promise<ServerProgram> {
  if (existsSync(join(__dirname, 'server.js'))) return { version, directory: __dirname };
  const program = await newestProgram(dataDir);
  if (program) return program;
  throw new Error(
    `There is no vMCP server in ${join(dataDir, 'bin')}. Open VS Code once with vMCP.`,
  );
}

function report(text: string): void {
  process.stderr.write(`vMCP: ${text}\n`);
}

function exit(code: number): void {
  setTimeout(() => process.exit(code), exitTimeoutMs).unref();
  process.stdout.write('', () => process.exit(code));
}
