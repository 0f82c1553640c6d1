import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineLog } from '../../src/server/log.ts';
import { createPythonTools, type PythonTools } from '../../src/server/tools/python/pythonTools.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { repository } from '../support/paths.ts';
import type { Load } from './load.ts';
import { median, type Report } from './report.ts';
import type { VmcpContender } from './vmcpContender.ts';

const small = `
import json
def double(x): return x * 2
def main(a: int, b: list[int] = [1]) -> dict:
    """Adds things."""
    return {'sum': double(a) + sum(b)}
`;
const busy = 'def main():\n    return sum(i * i for i in range(300_000))';

/** Start, warm calls and memory of Python tools, and what the server's other calls notice of them. */
export async function measurePythonTools(
  own: Cleanup,
  load: Load,
  vmcp: VmcpContender,
  rounds: number,
  report: Report,
): Promise<void> {
  const pids = new Set<number>();
  const tools = createPythonTools({
    program: join(repository, 'dist/pythonRunner.js'),
    pyodideFolder: join(repository, 'dist/pyodide'),
    log: new LineLog('error', () => {}),
    reaper: { add: (pid) => pids.add(pid), remove: (pid) => pids.delete(pid) },
  });
  own.add(() => tools.close());
  report.check({
    what: 'Python processes before one is used',
    value: pids.size,
    unit: '',
    atMost: 0,
  });

  const first = await timed(tools);
  report.check({ what: 'Python tool, first call', value: first / 1000, unit: 's', atMost: 2.5 });
  await eventually(() => pids.size === 2, { what: 'a spare' });
  for (let call = 0; call < 50; call += 1) await timed(tools);
  const warm: number[] = [];
  for (let call = 0; call < 300; call += 1) warm.push(await timed(tools));
  report.check({ what: 'Python tool, warm call p50', value: median(warm), unit: 'ms', atMost: 5 });
  const [pid] = pids;
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const value = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024;
    report.check({ what: 'memory of a Python interpreter', value, unit: 'MB', atMost: 250 });
  }
  await measureDisturbance(load, vmcp, tools, rounds, report);
}

/** p99 of another tool's calls while Python works, over that without, in turns. */
async function measureDisturbance(
  load: Load,
  vmcp: VmcpContender,
  tools: PythonTools,
  rounds: number,
  report: Report,
): Promise<void> {
  const request = {
    method: 'tools/call',
    params: { name: vmcp.echo.echo, arguments: { message: 'hello' } },
  };
  const calls = { ...vmcp.echo.target, request, parallel: 1, ms: 1_000 };
  await load.run(calls);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const quiet = await load.run(calls);
    let over = false;
    const work = (async () => {
      while (!over) await timed(tools, busy, {});
    })();
    const disturbed = await load.run(calls);
    over = true;
    await work;
    ratios.push(disturbed.p99 / quiet.p99);
  }
  report.check({
    what: 'p99 of other calls while a Python tool works, times without',
    value: median(ratios),
    unit: '×',
    atMost: 2,
  });
}

/** Milliseconds of one call. */
async function timed(tools: PythonTools, code = small, args = { a: 1, b: [1, 2, 3] } as object) {
  const startedAt = performance.now();
  const request = { code, arguments: { ...args } };
  const { result } = await tools.run('vmcp_bench', request, AbortSignal.timeout(60_000));
  if (result.isError) throw new Error(JSON.stringify(result));
  return performance.now() - startedAt;
}
