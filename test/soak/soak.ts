import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { ComingAndGoing } from './comingAndGoing.ts';
import { descriptors, Figures, median, quantile, residentMegabytes } from './figures.ts';

const callsPerSecond = 500;
/** The connection of whoever looks, and what is closing. */
const fewConnections = 3;
const clients = 40;
const maxInFlight = 64;
const visitsPerSecond = 10;
const tickMs = 10;
const sampleMs = 5_000;
/** The share of samples that are below those of quiet moments. */
const quiet = 0.2;
/** Until the log, and the sessions that nobody ended, stand at their caps. */
const warmUpMinutes = 4;

interface Sample {
  minute: number;
  memory: number;
  /** Connections of clients: their doing, and left out of the next two. */
  connections: number;
  descriptors: number;
  timers: number;
  handles: number;
  sessions: number;
}

/** A constant load with sessions coming and going: whether memory, descriptors and timers stay flat. */
export async function run({ minutes = 30 }: { minutes?: number }): Promise<boolean> {
  const cleanup = new Cleanup();
  try {
    const server = await startServer(cleanup);
    const rest = new Rest(server.url, await server.adminToken());
    const program = fileURLToPath(new URL('../bench/programs/echoServer.mjs', import.meta.url));
    const echo = await rest.addNodeServer('echo', program);
    await rest.connect(echo);
    await rest.addVmcp('soak', [echo]);
    const crowd = new ComingAndGoing(`${server.url}/mcp/soak`, 'echo_echo');
    for (let n = 0; n < clients; n += 1) await crowd.come();
    const samples = await load(crowd, server, rest, minutes);
    await crowd.allGo();
    const left = await connectionsLeft(server, rest);
    return judge({ crowd, server, samples, minutes, left });
  } finally {
    await cleanup.run();
  }
}

async function load(
  crowd: ComingAndGoing,
  server: TestServer,
  rest: Rest,
  minutes: number,
): Promise<Sample[]> {
  const began = performance.now();
  const samples: Sample[] = [];
  let called = 0;
  let visited = 0;
  for (let elapsed = 0; elapsed < minutes * 60_000; elapsed = performance.now() - began) {
    // what a busy machine delayed is made up for, but not all at once
    for (const due = (elapsed / 1000) * callsPerSecond; called < due; called += 1) {
      if (crowd.inFlight >= maxInFlight) break;
      void crowd.call();
    }
    for (const due = (elapsed / 1000) * visitsPerSecond; visited < due; visited += 1) {
      void crowd.come().then((came) => (came ? crowd.go() : undefined));
    }
    if (elapsed >= samples.length * sampleMs) {
      samples.push(await sample(server, rest, elapsed));
      if (samples.length % 12 === 0) console.log(line(samples.at(-1)));
    }
    await delay(tickMs);
  }
  return samples;
}

async function sample(server: TestServer, rest: Rest, elapsed: number): Promise<Sample> {
  const { handles, counts } = await rest.ok('GET', '/api/admin/diagnostics');
  const connections = handles.TCPSocketWrap ?? 0;
  return {
    minute: elapsed / 60_000,
    memory: residentMegabytes(server.pid),
    connections,
    descriptors: descriptors(server.pid) - connections,
    timers: handles.Timeout ?? 0,
    handles: Object.values<number>(handles).reduce((sum, each) => sum + each, 0) - connections,
    sessions: counts.sessions,
  };
}

function line(sample: Sample | undefined): string {
  if (!sample) return '';
  const { minute, memory, connections, timers, handles, sessions } = sample;
  return `  ${minute.toFixed(1)} min: ${memory.toFixed(0)} MB, ${connections} connections, ${sample.descriptors} descriptors beside, ${timers} timers, ${handles} handles, ${sessions} sessions`;
}

interface Results {
  crowd: ComingAndGoing;
  server: TestServer;
  samples: readonly Sample[];
  minutes: number;
  /** Connections when all clients have gone. */
  left: number;
}

async function connectionsLeft(server: TestServer, rest: Rest): Promise<number> {
  const connections = async () => (await sample(server, rest, 0)).connections;
  const few = async () => (await connections()) <= fewConnections;
  await eventually(few, { timeoutMs: 15_000 }).catch(() => undefined);
  return connections();
}

/** The first third after the warm-up against the last. */
function judge({ crowd, server, samples, minutes, left }: Results): boolean {
  const settled = samples.filter(({ minute }) => minute >= Math.min(warmUpMinutes, minutes / 2));
  const third = Math.max(1, Math.floor(settled.length / 3));
  const [early, late] = [settled.slice(0, third), settled.slice(-third)];
  const figures = new Figures();
  const change = (
    what: string,
    value: (sample: Sample) => number,
    percent: number,
    share = 0.5,
  ) => {
    const [before, after] = [quantile(early.map(value), share), quantile(late.map(value), share)];
    const text = `${what}, change in % (${before.toFixed(0)} → ${after.toFixed(0)})`;
    // a few more or less of few are no growth
    figures.check(text, ((after - before) / Math.max(before, 20)) * 100, { most: percent });
  };
  console.log(`${minutes} minutes, ${crowd.calls} calls, ${crowd.visits} sessions`);
  figures.check('calls/s', crowd.calls / (minutes * 60), { least: callsPerSecond * 0.97 });
  change('memory', ({ memory }) => memory, 10);
  // sockets that open or close just then are in one figure and not in the other: quiet moments count
  change('descriptors', (sample) => sample.descriptors, 10, quiet);
  change('timers', ({ timers }) => timers, 10, quiet);
  change('handles', ({ handles }) => handles, 10, quiet);
  figures.check('connections when all have gone', left, { most: fewConnections });
  figures.check('p50, ms', median(crowd.latencies), { most: 20 });
  figures.check('p99, ms', quantile(crowd.latencies, 0.99), { most: 1_000 });
  figures.check('failed calls and visits', crowd.failures.length, { most: 0 });
  for (const failure of crowd.failures.slice(0, 5)) console.log(`    ${failure}`);
  const unhandled = server.output.match(/Unhandled rejection|Uncaught exception/g)?.length ?? 0;
  figures.check('unhandled rejections', unhandled, { most: 0 });
  return figures.passed;
}
