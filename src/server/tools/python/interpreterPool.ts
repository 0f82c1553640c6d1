import type { Log } from '../../log.ts';
import { CallQueue, type WaitingCall } from './callQueue.ts';
import { PythonStartError, PythonStoppedError } from './pythonErrors.ts';
import type { PythonLauncher } from './pythonLauncher.ts';
import { PythonProcess } from './pythonProcess.ts';

export interface PoolOptions {
  launcher: PythonLauncher;
  log: Log;
  /** How many may run at once, besides a spare. */
  most: number;
  /** An interpreter that is not used for so long ends. */
  idleMs: number;
}

/** An interpreter that belongs to a vMCP, or is a spare. */
interface Member {
  process: PythonProcess;
  vmcpId: string | undefined;
  busy: boolean;
  /** Ends with its present call. */
  retired: boolean;
  usedAt: number;
}

/**
 * How long a call waits for an interpreter of its vMCP that is busy before it gets another one: most calls
 * take some milliseconds, another interpreter 150 MB and a second or two.
 */
const patienceMs = 50;
/** A spare starts when the call that showed the need has ended. */
const spareDelayMs = 200;

/** Interpreters, each for one vMCP only, since one tool can change the libraries under another. */
export class InterpreterPool {
  readonly #members = new Set<Member>();
  /** All that have not ended yet, those that were killed included. */
  readonly #processes = new Set<PythonProcess>();
  readonly #queue = new CallQueue<Member>();
  #sweepTimer: NodeJS.Timeout | undefined;
  #patienceTimer: NodeJS.Timeout | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #closed = false;
  /** When the last call ended: as long as there are calls, the spare is not idle. */
  #usedAt = 0;

  constructor(private readonly options: PoolOptions) {}

  /**
   * Waits for a free interpreter of the vMCP and hands it out until the action is over.
   * @throws PythonStartError, the signal's reason, and what the action throws
   */
  async use<T>(
    vmcpId: string,
    signal: AbortSignal,
    action: (process: PythonProcess) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw closedError();
    const entry = this.#queue.wait(vmcpId, signal);
    this.#admit();
    const member = await entry;
    const startedAt = performance.now();
    try {
      await this.#started(member, signal);
      return await action(member.process);
    } finally {
      this.#queue.addUsed(vmcpId, performance.now() - startedAt);
      void this.#putBack(member);
    }
  }

  /** Ends the interpreters of a vMCP, busy ones with their call. */
  release(vmcpId: string): void {
    for (const member of this.#members) {
      if (member.vmcpId !== vmcpId) continue;
      member.retired = true;
      if (!member.busy) this.#end(member, 'its vMCP has changed');
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#sweepTimer, this.#patienceTimer, this.#spareTimer]) {
      clearTimeout(timer);
    }
    this.#queue.close(closedError());
    for (const process of this.#processes) process.kill('The server is stopping.');
    await Promise.all([...this.#processes].map((process) => process.ended));
  }

  /** Lets in all calls that can be. */
  #admit(): void {
    if (this.#closed) return;
    for (const call of this.#queue.inOrder((vmcpId) => this.#busyOf(vmcpId))) {
      const member = this.#memberFor(call);
      if (!member) continue;
      member.vmcpId = call.vmcpId;
      member.busy = true;
      call.resolve(member);
    }
  }

  #memberFor(call: WaitingCall<Member>): Member | undefined {
    const own = this.#find((member) => member.vmcpId === call.vmcpId && !member.busy);
    if (own) return own;
    if (this.#busyOf(call.vmcpId) > 0) {
      const waitMs = call.since + patienceMs - performance.now();
      if (waitMs > 0) return this.#admitLater(waitMs);
    }
    if (!this.#makeRoom()) return undefined;
    return this.#find((member) => member.vmcpId === undefined) ?? this.#start();
  }

  #admitLater(waitMs: number): undefined {
    this.#patienceTimer ??= setTimeout(() => {
      this.#patienceTimer = undefined;
      this.#admit();
    }, waitMs + 1);
  }

  /** Sees to it that one more may run: where too many do, the one ends that was idle longest. */
  #makeRoom(): boolean {
    const owned = [...this.#members].filter(({ vmcpId }) => vmcpId !== undefined);
    if (owned.length < this.options.most) return true;
    const [idlest] = owned.filter((member) => !member.busy).sort((a, b) => a.usedAt - b.usedAt);
    if (!idlest) return false;
    this.#end(idlest, 'another vMCP needs its place');
    return true;
  }

  #start(): Member {
    const member = {
      process: new PythonProcess(this.options.launcher.start()),
      vmcpId: undefined,
      busy: false,
      retired: false,
      usedAt: performance.now(),
    };
    this.#members.add(member);
    this.#watch(member);
    return member;
  }

  #watch(member: Member): void {
    const { process } = member;
    this.#processes.add(process);
    void process.ended.then(() => {
      this.#processes.delete(process);
      if (member.process !== process) return;
      this.#members.delete(member);
      this.#admit();
    });
  }

  /** Waits until the interpreter is up; where Node's permission model keeps it from that, without it. */
  async #started(member: Member, signal: AbortSignal): Promise<void> {
    try {
      await abortable(member.process.ready, signal);
    } catch (error) {
      if (!(error instanceof PythonStartError) || this.#closed) throw error;
      if (!this.options.launcher.giveUpPermissions(error.message)) throw error;
      member.process = new PythonProcess(this.options.launcher.start());
      this.#members.add(member);
      this.#watch(member);
      await abortable(member.process.ready, signal);
    }
  }

  async #putBack(member: Member): Promise<void> {
    const free = await member.process.whenFree();
    member.busy = false;
    member.usedAt = performance.now();
    this.#usedAt = member.usedAt;
    if (!free) {
      const { stderr } = member.process;
      if (stderr !== '') this.options.log.warning('a Python interpreter ended', { stderr });
      this.#members.delete(member);
    } else if (member.retired) this.#end(member, 'its vMCP has changed');
    this.#admit();
    this.#sweepLater();
    this.#spareTimer ??= setTimeout(() => this.#startSpare(), spareDelayMs).unref();
  }

  #startSpare(): void {
    this.#spareTimer = undefined;
    if (this.#closed || this.#find((member) => member.vmcpId === undefined)) return;
    this.#start();
    this.#sweepLater();
  }

  #sweepLater(): void {
    this.#sweepTimer ??= setTimeout(() => {
      this.#sweepTimer = undefined;
      this.#sweep();
    }, this.options.idleMs).unref();
  }

  #sweep(): void {
    const limit = performance.now() - this.options.idleMs;
    for (const member of this.#members) {
      const usedAt = member.vmcpId === undefined ? this.#usedAt : member.usedAt;
      if (!member.busy && usedAt <= limit) this.#end(member, 'it was idle');
    }
    if (this.#members.size > 0) this.#sweepLater();
  }

  #end(member: Member, reason: string): void {
    this.#members.delete(member);
    member.process.kill(reason);
  }

  #find(condition: (member: Member) => boolean): Member | undefined {
    for (const member of this.#members) {
      if (member.process.alive && !member.retired && condition(member)) return member;
    }
    return undefined;
  }

  #busyOf(vmcpId: string): number {
    let count = 0;
    for (const member of this.#members) if (member.busy && member.vmcpId === vmcpId) count += 1;
    return count;
  }
}

function closedError(): Error {
  return new PythonStoppedError('The server is stopping.');
}

/** The promise, given up when the signal says so. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
