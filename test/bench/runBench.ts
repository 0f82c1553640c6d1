import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { Cleanup } from '../support/cleanup.ts';
import { repository } from '../support/paths.ts';
import { compareCalls, type Figures, type Plan, warmUp } from './compareCalls.ts';
import {
  bareServer,
  type Contender,
  realServer,
  startFloor,
  startGlued,
  startPeers,
} from './contenders.ts';
import { measureDashboard } from './dashboard.ts';
import { measureHttpTool, measureImport } from './httpTools.ts';
import { Load } from './load.ts';
import { measureMemory, measureWrites } from './memory.ts';
import { measurePythonTools } from './pythonTools.ts';
import { median, Report } from './report.ts';
import { measureStartup } from './startup.ts';
import { measureTemplates } from './templates.ts';
import { startVmcp, toolsOfTwo, type VmcpContender } from './vmcpContender.ts';

export interface BenchOptions {
  /** Short rounds, without the peers. */
  quick: boolean;
}

/** @returns whether every target was reached */
export async function runBench({ quick }: BenchOptions): Promise<boolean> {
  const report = new Report();
  const rounds = quick ? 3 : 7;
  const [busy = 0] = loadavg();
  console.log(
    `${cpus().length} cores, ${busy.toFixed(1)} processes busy before; quiet machines only`,
  );
  execFileSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: repository });
  measureSizes(report);
  await measureTemplates(report);
  await withCleanup((own) => measureStartup(own, quick ? 1 : 5, report));
  await withCleanup(async (own) => {
    const [load, vmcp] = [Load.start(own), await startVmcp(own)];
    await measureCalls(own, load, vmcp, { quick }, report);
    await measureSlowTool(load, vmcp, report);
    await measureHttpTool(own, load, vmcp, rounds, report);
    await measureImport(load, vmcp, report);
  });
  await withCleanup((own) => measurePythonTools(own, rounds, report));
  await withCleanup((own) => measureDashboard(own, report));
  await withCleanup(async (own) => {
    const [load, vmcp] = [Load.start(own), await startVmcp(own)];
    await measureMemory(load, vmcp, quick ? 20_000 : 100_000, report);
    await measureWrites(vmcp, report);
  });
  return report.allReached;
}

/** Every measurement gets processes of its own, which are ended before the next begins. */
async function withCleanup(measure: (own: Cleanup) => Promise<void>): Promise<void> {
  const own = new Cleanup();
  try {
    await measure(own);
  } finally {
    await own.run();
  }
}

function measureSizes(report: Report): void {
  for (const [names, limit] of [
    [['extension'], 300],
    [['server', 'runServer'], 1_500],
  ] as const) {
    const files = names.map((name) => `dist/${name}.js`);
    const bytes = files.reduce((sum, file) => sum + statSync(join(repository, file)).size, 0);
    report.check({ what: files.join(' + '), value: bytes / 1000, unit: 'kB', atMost: limit });
  }
}

async function measureCalls(
  cleanup: Cleanup,
  load: Load,
  vmcp: VmcpContender,
  { quick }: BenchOptions,
  report: Report,
): Promise<void> {
  const peers = quick ? [] : await startPeers(cleanup);
  const floor = await startFloor(cleanup, realServer);
  const glued = await startGlued(cleanup, realServer);
  const contenders = [floor, vmcp.echo, vmcp.modern, glued, ...peers];
  await warmUp(load, contenders);
  const rounds = quick ? 3 : 7;
  const one = { title: 'tools/call, sequential', parallel: 1, rounds, ms: quick ? 500 : 1_000 };
  const sequential = await compareCalls(load, contenders, one, report);
  const many = { title: 'tools/call, 16 parallel', parallel: 16, rounds, ms: quick ? 700 : 1_500 };
  const parallel = await compareCalls(load, contenders, many, report);
  await showRelaysAlone(cleanup, load, vmcp, [one, many], report);
  const listRatio = await measureList(load, floor, vmcp, rounds);

  const speed = (name: string) => parallel.get(name)?.callsPerSecond ?? Number.NaN;
  console.log('');
  report.check({
    what: 'tools/call sequential p50, times the floor',
    value: p50(sequential, 'vMCP') / p50(sequential, 'floor'),
    unit: '×',
    atMost: 1.5,
  });
  report.check({
    what: 'modern tools/call sequential p50, times a session one',
    value: p50(sequential, vmcp.modern.name) / p50(sequential, vmcp.echo.name),
    unit: '×',
    atMost: 1.1,
  });
  report.check({
    what: 'tools/call 16 parallel, calls/s, times the floor',
    value: speed('vMCP') / speed('floor'),
    unit: '×',
    atLeast: 0.6,
  });
  if (peers.length > 0) {
    report.check({
      what: 'tools/call 16 parallel, calls/s, times the best peer',
      value: speed('vMCP') / Math.max(...peers.map(({ name }) => speed(name))),
      unit: '×',
      atLeast: 5,
    });
  }
  report.check({
    what: `tools/list of 2 servers, ${toolsOfTwo} tools, p50, times the floor's call`,
    value: listRatio,
    unit: '×',
    atMost: 2,
  });
}

/** The same before an upstream that takes almost no time; printed, not judged. */
async function showRelaysAlone(
  cleanup: Cleanup,
  load: Load,
  vmcp: VmcpContender,
  plans: readonly Plan[],
  report: Report,
): Promise<void> {
  const relays = [
    await startFloor(cleanup, bareServer),
    vmcp.bare,
    await startGlued(cleanup, bareServer),
  ];
  await warmUp(load, relays);
  for (const plan of plans) {
    const title = `${plan.title}, bare upstream`;
    await compareCalls(load, relays, { ...plan, title, rounds: 3 }, report);
  }
}

function p50(figures: Map<string, Figures>, name: string): number {
  return figures.get(name)?.p50 ?? Number.NaN;
}

/** p50 of tools/list through vMCP over p50 of a call through the floor, in turns. */
async function measureList(
  load: Load,
  floor: Contender,
  vmcp: VmcpContender,
  rounds: number,
): Promise<number> {
  const ratios: number[] = [];
  const call = { method: 'tools/call', params: { name: 'echo', arguments: { message: 'hello' } } };
  for (let round = 0; round < rounds; round += 1) {
    const least = await load.run({ ...floor.target, request: call, parallel: 1, ms: 500 });
    const list = { method: 'tools/list' };
    const listed = await load.run({ ...vmcp.two.target, request: list, parallel: 1, ms: 500 });
    ratios.push(listed.p50 / least.p50);
  }
  return median(ratios);
}

/** 20 parallel calls to a tool that takes 0.5 s. */
async function measureSlowTool(load: Load, vmcp: VmcpContender, report: Report): Promise<void> {
  const name = vmcp.bare.echo.replace(/echo$/, 'sleep');
  const request = { method: 'tools/call', params: { name, arguments: {} } };
  const { seconds } = await load.run({ ...vmcp.bare.target, request, parallel: 20, calls: 20 });
  report.check({
    what: '20 parallel calls to a tool of 0.5 s',
    value: seconds,
    unit: 's',
    atMost: 0.7,
  });
}
