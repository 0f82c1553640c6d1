import { createInterface } from 'node:readline';
import { AlreadyRunningError } from '../../../src/server/instance/alreadyRunningError.ts';
import { acquireInstance } from '../../../src/server/instance/instance.ts';

// A process that tries to become the server of a folder at each line on stdin, and tells on
// stdout how that went; having become it, it stays until it is killed.
const dataDir = process.argv[2] ?? '';
process.stdout.write('ready\n');
for await (const _line of createInterface({ input: process.stdin })) {
  try {
    await acquireInstance({ dataDir, version: '1.0.0' });
    process.stdout.write('won\n');
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
    process.stdout.write(`lost ${error.owner.pid}\n`);
  }
}
