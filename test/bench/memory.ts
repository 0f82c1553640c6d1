import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Load } from './load.ts';
import { median, type Report } from './report.ts';
import type { VmcpContender } from './vmcpContender.ts';

/** Calls after which the log stands at its caps, whichever of them is reached first. */
const callsToCaps = 60_000;

/** The server's memory after few calls, with the log at its caps, and after many more. */
export async function measureMemory(
  load: Load,
  vmcp: VmcpContender,
  moreCalls: number,
  report: Report,
): Promise<void> {
  const call = (calls: number) => {
    const message = 'x'.repeat(200);
    const request = {
      method: 'tools/call',
      params: { name: vmcp.bare.echo, arguments: { message } },
    };
    return load.run({ ...vmcp.bare.target, request, parallel: 16, calls });
  };
  console.log('');
  await call(10_000);
  const early = await settledMegabytes(vmcp.server.pid);
  report.check({ what: 'memory after 10,000 calls', value: early, unit: 'MB', atMost: 150 });

  await call(callsToCaps);
  const atCaps = await settledMegabytes(vmcp.server.pid);
  const { pagination } = await vmcp.rest.ok('GET', '/api/stats?page_size=1');
  report.check({
    what: `memory with the log at its caps (${pagination.total_items} rows)`,
    value: atCaps,
    unit: 'MB',
    atMost: 260,
  });

  await call(moreCalls);
  const late = await settledMegabytes(vmcp.server.pid);
  report.check({
    what: `memory after ${moreCalls} more calls, change (${late.toFixed(0)} MB)`,
    value: (late / atCaps - 1) * 100,
    unit: '%',
    atMost: 5,
  });
}

/** p50 of the acknowledgement of a configuration write, with the log as full as it is then. */
export async function measureWrites(vmcp: VmcpContender, report: Report): Promise<void> {
  const [record] = await vmcp.rest.ok('GET', '/api/vmcps');
  const times: number[] = [];
  for (let write = 0; write < 200; write += 1) {
    const began = performance.now();
    await vmcp.rest.ok('PUT', `/api/vmcps/${record.vmcp_id}`, { description: `write ${write}` });
    times.push(performance.now() - began);
  }
  report.check({
    what: 'configuration write acknowledged, log at its caps, p50',
    value: median(times),
    unit: 'ms',
    atMost: 5,
  });
}

/** Resident memory in a pause, when what the calls used is given back: the median of a few looks. */
async function settledMegabytes(pid: number): Promise<number> {
  await delay(18_000);
  const looks: number[] = [];
  for (let look = 0; look < 5; look += 1) {
    looks.push(residentMegabytes(pid));
    await delay(200);
  }
  return median(looks);
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
