import { type RunningServer, startServer } from './createServer.ts';
import { AlreadyRunningError } from './instance/alreadyRunningError.ts';
import { LineLog } from './log.ts';
import { demoName } from './process/demo.ts';
import { FlagError, type Flags, parseFlags, usage } from './process/flags.ts';

const version = process.env.VMCP_VERSION ?? '0.0.0';

async function main(args: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  if (args.includes('--version')) {
    process.stdout.write(`${version}\n`);
    return;
  }
  const flags = parseFlags(args, process.env);
  const log = new LineLog(flags.logLevel, (line) => process.stderr.write(`${line}\n`));
  const server = await startServer({ flags, log, version, programFolder: __dirname });
  closeOnSignals(server, log);
  // the first line tells programs that started us where to look
  process.stdout.write(`vMCP listening on ${server.url}\n`);
  if (flags.demo) process.stdout.write(welcome(server, flags));
  await server.ended;
  process.exit(0);
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

main(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`vmcp: ${message}\n`);
  if (error instanceof FlagError) process.stderr.write(usage);
  process.exit(error instanceof FlagError ? 2 : error instanceof AlreadyRunningError ? 3 : 1);
});
