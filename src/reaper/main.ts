import { createInterface } from 'node:readline';
import { endGroup } from './processGroup.ts';
import { processStart } from './processStart.ts';

/*
 * Outlives the server, whose end it notices as the end of its standard input, and then ends the process
 * groups that the server had. Lines: `+PID START` (START may follow in a second line), `-PID`.
 */
const groups = new Map<number, string | undefined>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whatever ends the server must not end this process before its work is done.
  });
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [, sign, pid, start] = /^([+-])([1-9]\d*)(?: (\S+))?$/.exec(line) ?? [];
  if (sign === '+') groups.set(Number(pid), start);
  else if (sign === '-') groups.delete(Number(pid));
});
lines.on('close', () => {
  void Promise.all([...groups].map(([pid, start]) => endOwn(pid, start))).then(() =>
    process.exit(0),
  );
});

/** A leader with another start time is a stranger that got the pid; a group without leader is still ours. */
async function endOwn(pid: number, start: string | undefined): Promise<void> {
  const current = await processStart(pid);
  if (current !== undefined && start !== undefined && current !== start) return;
  await endGroup(pid);
}
