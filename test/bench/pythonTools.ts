import { execFileSync } from 'node:child_process';
import type { Cleanup } from '../support/cleanup.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { bareServer, type Contender, httpContender } from './contenders.ts';
import { Load, type Round } from './load.ts';
import { median, type Report } from './report.ts';

const add = `
import json
def double(x): return x * 2
def main(a: int, b: list[int] = [1]) -> dict:
    """Adds things."""
    return {'sum': double(a) + sum(b)}
`;
const work = 'def main():\n    return sum(i * i for i in range(300_000))';

type Extent = { ms: number } | { calls: number };

/** Start, warm calls and memory of Python tools, and what the server's other calls notice of them. */
export async function measurePythonTools(
  cleanup: Cleanup,
  rounds: number,
  report: Report,
): Promise<void> {
  const python = await PythonServer.start(cleanup);
  const [load, others] = [Load.start(cleanup), Load.start(cleanup)];
  await measureCalls(python, load, rounds, report);
  await measureDisturbance(python, load, others, rounds, report);
}

/** A server with Python tools and an upstream, which can be started anew without interpreters. */
class PythonServer {
  private constructor(private readonly server: TestServer) {}

  static async start(cleanup: Cleanup): Promise<PythonServer> {
    const server = await startServer(cleanup);
    const rest = new Rest(server.url);
    await rest.addVmcp('echo', [await rest.addNodeServer('echo', bareServer)]);
    const tool = (name: string, code: string) => ({ tool_type: 'python', name, code });
    await rest.addVmcp('python', [], { custom_tools: [tool('add', add), tool('work', work)] });
    return new PythonServer(server);
  }

  /** Afterwards no interpreter runs, and calls of the upstream are compiled. */
  async restart(load: Load): Promise<Contender> {
    await this.server.restart();
    const echo = await httpContender('vMCP', `${this.server.url}/mcp/echo`);
    await load.run(callsOf(echo, { calls: 5_000 }));
    return echo;
  }

  calls(name: 'add' | 'work', extent: Extent): Round {
    const params = { name, arguments: name === 'add' ? { a: 1, b: [1, 2, 3] } : {} };
    const request = { method: 'tools/call', params };
    return { url: `${this.server.url}/mcp/python`, request, parallel: 1, ...extent };
  }

  /** Resident memory of each interpreter, MB. */
  interpreters(): number[] {
    const columns = ['-o', 'rss=,args=', '--ppid', String(this.server.pid)];
    const children = execFileSync('ps', columns, { encoding: 'utf8' }).split('\n');
    const running = children.filter((child) => child.includes('pythonRunner'));
    return running.map((child) => Number.parseInt(child.trim(), 10) / 1024);
  }
}

async function measureCalls(
  python: PythonServer,
  load: Load,
  rounds: number,
  report: Report,
): Promise<void> {
  const early: number[] = [];
  const first: number[] = [];
  const warm: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await python.restart(load);
    early.push(python.interpreters().length);
    first.push((await load.run(python.calls('add', { calls: 1 }))).p50);
    await load.run(python.calls('add', { ms: 2_000 })); // a spare starts meanwhile
    warm.push((await load.run(python.calls('add', { ms: 500 }))).p50);
    memory.push(...python.interpreters());
  }
  const before = Math.max(...early);
  report.check({ what: 'Python processes before one is used', value: before, unit: '', atMost: 0 });
  const started = median(first) / 1000;
  report.check({ what: 'Python tool, first call', value: started, unit: 's', atMost: 2.5 });
  report.check({ what: 'Python tool, warm call p50', value: median(warm), unit: 'ms', atMost: 5 });
  const most = Math.max(...memory);
  report.check({ what: 'memory of a Python interpreter', value: most, unit: 'MB', atMost: 250 });
}

/** p99 of an upstream's calls while Python starts and works, over that without. */
async function measureDisturbance(
  python: PythonServer,
  load: Load,
  others: Load,
  rounds: number,
  report: Report,
): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const calls = callsOf(await python.restart(others), { ms: 3_000 });
    const quiet = await others.run(calls);
    const working = load.run(python.calls('work', { ms: 2_800 }));
    const disturbed = await others.run(calls);
    await working;
    ratios.push(disturbed.p99 / quiet.p99);
  }
  report.check({
    what: 'p99 of other calls while Python starts and works, times without',
    value: median(ratios),
    unit: '×',
    atMost: 2,
  });
}

function callsOf({ target, echo }: Contender, extent: Extent): Round {
  const params = { name: echo, arguments: { message: 'hello' } };
  return { ...target, request: { method: 'tools/call', params }, parallel: 1, ...extent };
}
