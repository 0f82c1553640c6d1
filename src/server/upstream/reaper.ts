import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parse } from 'node:path';
import { processStart } from '../../reaper/processStart.ts';
import type { Log } from '../log.ts';
import { atMost } from './atMost.ts';
import { ProcessRecord } from './processRecord.ts';

/** Sees to it that no child outlives the server, however that ends. */
export interface Reaper {
  /** A process group (its leader's pid) that is to end with the server. */
  add(pid: number): void;
  /** Nothing is left of the group. */
  remove(pid: number): void;
  /** Ends the reaper; call it when all groups are gone. */
  close(): Promise<void>;
}

export interface ReaperOptions {
  /** The reaper's program, a script for Node. */
  program: string;
  /** Where the groups are recorded for the next start. */
  dataFolder: string;
  log: Log;
}

/**
 * Ends what a dead instance left behind, then starts the reaper process: a session of its own, holding
 * nothing but one end of a pipe whose other end is ours.
 */
export async function startReaper(options: ReaperOptions): Promise<Reaper> {
  const record = new ProcessRecord(options.dataFolder, options.log);
  await record.sweep();
  return new ReaperProcess(options, record);
}

/** A reaper that dies is started again, unless it died at once. */
const minLifeMs = 1000;
const closeLimitMs = 3000;

class ReaperProcess implements Reaper {
  #child: ChildProcess;
  #startedAt = 0;
  #closing = false;
  readonly #groups = new Map<number, string | undefined>();

  constructor(
    private readonly options: ReaperOptions,
    private readonly record: ProcessRecord,
  ) {
    this.#child = this.#spawn();
  }

  add(pid: number): void {
    this.#groups.set(pid, undefined);
    this.#tell(`+${pid}`);
    void processStart(pid).then((start) => {
      if (start === undefined || !this.#groups.has(pid)) return;
      this.#groups.set(pid, start);
      this.#tell(`+${pid} ${start}`);
      this.record.write(this.#groups);
    });
  }

  remove(pid: number): void {
    if (!this.#groups.delete(pid)) return;
    this.#tell(`-${pid}`);
    this.record.write(this.#groups);
  }

  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.ref();
      const exited = once(child, 'exit');
      child.stdin?.end();
      await atMost(exited, closeLimitMs);
    }
    await this.record.flush();
  }

  #spawn(): ChildProcess {
    this.#startedAt = performance.now();
    const child = spawn(process.execPath, [this.options.program], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      cwd: parse(process.execPath).root,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    child.unref();
    child.on('error', (error) => this.options.log.error('reaper could not be started', { error }));
    child.on('exit', (code) => this.#exited(code));
    // Writing to one that has just died; its exit is dealt with above.
    child.stdin?.on('error', (error) => this.options.log.debug('reaper pipe', { error }));
    return child;
  }

  #exited(code: number | null): void {
    if (this.#closing) return;
    this.options.log.warning('reaper ended', { code });
    if (performance.now() - this.#startedAt < minLifeMs) return;
    this.#child = this.#spawn();
    for (const [pid, start] of this.#groups) {
      this.#tell(start === undefined ? `+${pid}` : `+${pid} ${start}`);
    }
  }

  #tell(line: string): void {
    if (this.#child.stdin?.writable) this.#child.stdin.write(`${line}\n`);
  }
}
