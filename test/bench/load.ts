import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../support/cleanup.ts';
import { within } from '../support/eventually.ts';

/** What to send, how much at once, and for how long or how often. */
export interface Round {
  url: string;
  headers?: Record<string, string>;
  /** An HTTP+SSE server of 2024-11-05: `url` is its event stream. */
  sse?: boolean;
  request: { method: string; params?: object };
  parallel: number;
  ms?: number;
  calls?: number;
}

/** Times in milliseconds. */
export interface Measured {
  calls: number;
  seconds: number;
  p50: number;
  p95: number;
  p99: number;
  longest: number;
}

/** The load generator: a process of its own. */
export class Load {
  private constructor(private readonly child: ChildProcess) {}

  static start(cleanup: Cleanup): Load {
    const child = fork(fileURLToPath(new URL('./programs/load.mjs', import.meta.url)));
    cleanup.add(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    return new Load(child);
  }

  /** @throws Error where a call failed */
  async run(round: Round): Promise<Measured> {
    this.child.send(round);
    const [answer] = await within(once(this.child, 'message'), 300_000, 'the end of a round');
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  }
}
