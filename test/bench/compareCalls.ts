import type { Contender } from './contenders.ts';
import type { Load, Measured, Round } from './load.ts';
import { format, median, type Report } from './report.ts';

/** The medians over the rounds of one contender; times in milliseconds. */
export interface Figures {
  p50: number;
  p95: number;
  callsPerSecond: number;
}

/** How rounds are run: what, how many at once, how many rounds of how many milliseconds. */
export interface Plan {
  title: string;
  parallel: number;
  rounds: number;
  ms: number;
}

/** Calls `echo` of every contender in turns, round by round, so that drift of the machine cancels out. */
export async function compareCalls(
  load: Load,
  contenders: readonly Contender[],
  { title, parallel, rounds, ms }: Plan,
  report: Report,
): Promise<Map<string, Figures>> {
  const measured = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const result = await load.run({ ...echoRound(contender), parallel, ms });
      measured.get(contender.name)?.push(result);
    }
  }
  const figures = new Map([...measured].map(([name, results]) => [name, summarize(results)]));
  print(title, figures, report);
  return figures;
}

/** Calls each until its code is compiled: thousands of calls, which few would otherwise have had. */
export async function warmUp(load: Load, contenders: readonly Contender[]): Promise<void> {
  for (const contender of contenders) {
    await load.run({ ...echoRound(contender), parallel: 16, ms: 4_000, calls: 20_000 });
  }
}

function echoRound({
  target,
  echo,
  meta,
}: Contender): Pick<Round, 'url' | 'headers' | 'sse' | 'request'> {
  const params = { name: echo, arguments: { message: 'hello' }, ...(meta && { _meta: meta }) };
  return { ...target, request: { method: 'tools/call', params } };
}

function summarize(results: readonly Measured[]): Figures {
  return {
    p50: median(results.map(({ p50 }) => p50)),
    p95: median(results.map(({ p95 }) => p95)),
    callsPerSecond: median(results.map(({ calls, seconds }) => calls / seconds)),
  };
}

function print(title: string, figures: Map<string, Figures>, report: Report): void {
  const floor = figures.get('floor');
  const rows = [...figures].map(([name, { p50, p95, callsPerSecond }]) => [
    name,
    format(p50),
    format(p95),
    callsPerSecond.toFixed(0),
    floor ? `${format(p50 / floor.p50)}×` : '',
    floor ? `${format(callsPerSecond / floor.callsPerSecond)}×` : '',
  ]);
  console.log('');
  report.table([title, 'p50 ms', 'p95 ms', 'calls/s', 'p50/floor', 'calls/floor'], rows);
}
