import { fileURLToPath } from 'node:url';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer } from '../support/server.ts';
import { descendants } from '../vscode/processes.ts';
import { Figures, quantile } from './figures.ts';

const parallel = 16;
/** Beyond it, a call counts as one without an answer. */
const answerLimitMs = 15_000;
const echo = fileURLToPath(new URL('../bench/programs/echoServer.mjs', import.meta.url));

export interface KillOutcome {
  calls: number;
  unanswered: number;
  longestMs: number;
  /** Kills after which a call did not work again. */
  notBack: number;
  /** p99 of the other server in milliseconds, without and with kills; the load is the same. */
  calmP99: number;
  busyP99: number;
}

/** A server killed again and again under load: every call is answered, and another server feels nothing. */
export async function run({ times = 20 }: { times?: number }): Promise<boolean> {
  const cleanup = new Cleanup();
  try {
    const outcome = await killUpstream(cleanup, times, 5_000);
    const figures = new Figures();
    console.log(`${outcome.calls} calls, ${parallel} at a time`);
    figures.check('calls without an answer', outcome.unanswered, { most: 0 });
    figures.check('longest call, ms', outcome.longestMs, { most: answerLimitMs });
    figures.check('kills after which it did not come back', outcome.notBack, { most: 0 });
    const { calmP99, busyP99 } = outcome;
    const text = `p99 of the other server, times that of calm (${calmP99.toFixed(1)} → ${busyP99.toFixed(1)} ms)`;
    figures.check(text, busyP99 / calmP99, { most: 2 });
    return figures.passed;
  } finally {
    await cleanup.run();
  }
}

/** @param calmMs how long the other server is measured without kills */
export async function killUpstream(
  cleanup: Cleanup,
  kills: number,
  calmMs: number,
): Promise<KillOutcome> {
  const server = await startServer(cleanup);
  const rest = new Rest(server.url, await server.adminToken());
  const victim = await rest.addNodeServer('victim', upstreams.odd);
  const other = await rest.addNodeServer('other', echo);
  await rest.connect(victim, other);
  await rest.addVmcp('both', [victim, other]);
  const client = new RawClient(`${server.url}/mcp/both`);
  cleanup.add(() => client.close());
  await client.initialize();
  const load = new Load(client);
  const ended = new AbortController();
  const lanes = Array.from({ length: parallel }, () => load.victim(ended.signal));
  const calm = await load.other(calmMs);
  const busy: number[] = [];
  const beside = load
    .other(Number.POSITIVE_INFINITY, ended.signal)
    .then((all) => busy.push(...all));
  let notBack = 0;
  for (let kill = 0; kill <= kills; kill += 1) {
    // as a user would; without it a server that dies again and again is left alone for a while
    const connect = `/api/mcp-servers/${victim}/connect`;
    const back = async () => (await rest.send('POST', connect)).status < 300 && load.works();
    await eventually(back, { timeoutMs: 20_000 }).catch(() => {
      notBack += 1;
    });
    if (kill === kills) break;
    for (const { pid, command } of descendants(server.pid)) {
      if (command.includes(upstreams.odd)) process.kill(pid, 'SIGKILL');
    }
  }
  ended.abort();
  await Promise.all([beside, ...lanes]);
  return {
    ...{ calls: load.calls, unanswered: load.unanswered, longestMs: load.longestMs, notBack },
    calmP99: quantile(calm, 0.99),
    busyP99: quantile(busy, 0.99),
  };
}

class Load {
  calls = 0;
  unanswered = 0;
  longestMs = 0;

  constructor(private readonly client: RawClient) {}

  async works(): Promise<boolean> {
    const { result } = await this.client.request('tools/call', { name: 'victim_echo' });
    return result !== undefined && (result as { isError?: boolean }).isError !== true;
  }

  /** Times of calls to the server that nobody kills. */
  async other(ms: number, signal?: AbortSignal): Promise<number[]> {
    const times: number[] = [];
    const until = performance.now() + ms;
    while (performance.now() < until && !signal?.aborted) {
      const began = performance.now();
      const params = { name: 'other_echo', arguments: { message: 'x' } };
      const { result } = await this.client.request('tools/call', params);
      if (!result) this.unanswered += 1;
      times.push(performance.now() - began);
    }
    return times;
  }

  async victim(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const began = performance.now();
      try {
        const options = { signal: AbortSignal.timeout(answerLimitMs) };
        const params = { name: 'victim_sleep', arguments: { ms: 5 } };
        const { result } = await this.client.request('tools/call', params, options);
        if (!result) this.unanswered += 1;
      } catch {
        this.unanswered += 1;
      }
      this.calls += 1;
      this.longestMs = Math.max(this.longestMs, performance.now() - began);
    }
  }
}
