import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { JsonObject } from '../../../contract/json.ts';
import { exitCodes } from '../../../pythonRunner/exitCodes.ts';
import { PythonStartError, PythonStoppedError } from './pythonErrors.ts';
import { type RunnerOutput, readRunnerOutput } from './runnerOutput.ts';

/** What a call of the runner came to. */
export interface RunnerReply {
  /** What the Python part made: a line of JSON, then the bytes that belong to it. */
  body: Buffer;
  printed: string;
}

const startLimitMs = 60_000;
/** For what a call leaves behind: finalizers can take as long as they like. */
const tidyLimitMs = 5_000;
const stderrCharacters = 2_000;
/** More than the runner tells of. */
const mostPrintedBytes = 1 << 20;

type Expected = {
  type: RunnerOutput['header']['type'];
  resolve: (message: RunnerOutput) => void;
  reject: (error: Error) => void;
};

/** One interpreter in its process. It does one thing at a time and is killed to stop it. */
export class PythonProcess {
  /** Resolves when the interpreter is up. @throws PythonStartError */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  #expected: Expected | undefined;
  /** A message that came with the one before it, when nobody waited for it yet. */
  #early: RunnerOutput | undefined;
  /** Of the last call: resolves when the next may come. */
  #tidied: Promise<void> = Promise.resolve();
  #alive = true;
  #stderr = '';
  #endReason = '';
  /** What the tool prints while it runs. A reply has it all; this is for when none comes. */
  #printed = Buffer.alloc(0);

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    readRunnerOutput(
      child.stdout,
      (message) => this.#receive(message),
      (error) => this.kill(`The Python interpreter answered nonsense: ${String(error)}`),
    );
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrCharacters);
    });
    // The process has just ended by itself; that is dealt with below.
    child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#end(error.message);
        resolve();
      });
      child.once('close', (code, signal) => {
        this.#end(endReason(code, signal));
        resolve();
      });
    });
    this.ready = this.#start();
    this.ready.catch(() => {}); // a spare's failure is nobody's business until it is used
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The last that the process said about itself, for the log. */
  get stderr(): string {
    return this.#stderr.trim();
  }

  /**
   * Sends a request, when the process is ready and free.
   * @throws PythonStoppedError when the limit is passed or the process ends, with what was printed; the
   *   signal's reason
   */
  async request(content: JsonObject, limitMs: number, signal: AbortSignal): Promise<RunnerReply> {
    signal.throwIfAborted();
    const onAbort = () => this.kill('The call was cancelled.');
    signal.addEventListener('abort', onAbort, { once: true });
    const seconds = limitMs / 1000;
    const timer = setTimeout(
      () => this.kill(`The tool did not end within ${seconds} s and was stopped.`),
      limitMs,
    );
    try {
      this.#printed = Buffer.alloc(0);
      const reply = this.#expect('reply');
      this.child.stdin.write(encodeRequest(content));
      const { header, body } = await reply;
      this.#tidied = this.#awaitTidiness();
      return { body, printed: header.type === 'reply' ? header.printed : '' };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PythonStoppedError)) throw error;
      await this.ended; // what it printed last may still be on its way
      throw new PythonStoppedError(error.message, this.#printed.toString('utf8'));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Resolves when the last call's leftovers are gone, with whether the process can be used again. */
  async whenFree(): Promise<boolean> {
    await this.#tidied;
    return this.#alive;
  }

  /** Ends the process at once. The reason is told to whoever waits for it. */
  kill(reason: string): void {
    if (!this.#alive) return;
    this.child.kill('SIGKILL');
    this.#end(reason);
  }

  async #start(): Promise<void> {
    const timer = setTimeout(
      () => this.kill(`it took longer than ${startLimitMs / 1000} s`),
      startLimitMs,
    );
    try {
      await this.#expect('ready');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.ended;
      throw new PythonStartError(
        `Python could not be started: ${[reason, this.stderr].filter(Boolean).join(' ')}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #awaitTidiness(): Promise<void> {
    const timer = setTimeout(() => this.kill('The leftovers of a call did not end.'), tidyLimitMs);
    try {
      const { header } = await this.#expect('idle');
      if (header.type === 'idle' && !header.reusable) this.kill('It is not fit for another call.');
    } catch {
      // It has ended; `alive` says so.
    } finally {
      clearTimeout(timer);
    }
  }

  #expect(type: Expected['type']): Promise<RunnerOutput> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return reject(new PythonStoppedError(this.#endReason));
      this.#expected = { type, resolve, reject };
      const message = this.#early;
      this.#early = undefined;
      if (message) this.#receive(message);
    });
  }

  #receive(message: RunnerOutput): void {
    if (message.header.type === 'printed') {
      this.#printed = Buffer.concat([this.#printed, message.body]);
      if (this.#printed.byteLength > mostPrintedBytes) this.kill('Too much was printed.');
      return;
    }
    const expected = this.#expected;
    this.#expected = undefined;
    if (expected?.type === message.header.type) expected.resolve(message);
    else if (!expected && !this.#early) this.#early = message;
    else this.kill('The Python interpreter answered out of turn.');
  }

  #end(reason: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#endReason = reason;
    this.#expected?.reject(new PythonStoppedError(reason));
    this.#expected = undefined;
  }
}

function encodeRequest(content: JsonObject): Buffer {
  const text = Buffer.from(JSON.stringify(content));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  return Buffer.concat([length, text]);
}

/** Why a process ended that nobody killed, in words for the tool's author. */
function endReason(code: number | null, signal: NodeJS.Signals | null): string {
  switch (code) {
    case exitCodes.forbidden:
      return 'The tool tried to leave the Python sandbox and was stopped.';
    case exitCodes.ended:
      return 'The tool ended the Python interpreter instead of returning a result.';
    case exitCodes.failed:
      return 'The Python interpreter failed: the tool used up its stack or memory.';
    case exitCodes.broken:
      return 'The Python interpreter was ended: a tool had changed what runs it.';
    default:
      return `The Python interpreter ended unexpectedly (${signal ?? `code ${code}`}).`;
  }
}
