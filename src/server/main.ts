import { join } from 'node:path';
import { allowCollector } from './garbage.ts';
import { FlagError, parseFlags, usage } from './process/flags.ts';
import { loadProgram } from './process/loadProgram.ts';
import type * as server from './runServer.ts';
import { startDatabaseWorker } from './store/startDatabaseWorker.ts';

const version = process.env.VMCP_VERSION ?? '0.0.0';

function main(args: string[]): void {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
  } else if (args.includes('--version')) {
    process.stdout.write(`${version}\n`);
  } else {
    start(args);
  }
}

/** The database makes itself ready in its thread while this one loads all the rest, which takes as long. */
function start(args: string[]): void {
  const flags = parseFlags(args, process.env);
  const databaseWorker = startDatabaseWorker(join(__dirname, 'databaseWorker.js'));
  allowCollector();
  const compiledFile = join(flags.dataDir, 'compiled.bin');
  const program = loadProgram<typeof server>(join(__dirname, 'runServer.js'), compiledFile);
  const { keepCompiled } = program;
  void program.exports.runServer({
    ...{ flags, version, programFolder: __dirname, databaseWorker, keepCompiled },
  });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`vmcp: ${message}\n`);
  if (error instanceof FlagError) process.stderr.write(usage);
  process.exit(error instanceof FlagError ? 2 : 1);
}
