import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import spawn from 'cross-spawn';
import { type JsonRpcMessage, rpcCodes } from '../../contract/jsonRpc.ts';
import { endGroup, groupExists } from '../../reaper/processGroup.ts';
import type { Log } from '../log.ts';
import { atMost } from './atMost.ts';
import { LineScanner } from './lineScanner.ts';
import { plainReply } from './plainReply.ts';
import type { Reaper } from './reaper.ts';
import type { ResolvedConfig } from './serverConfig.ts';
import { maxMessageBytes, type Transport, type TransportListener } from './transport.ts';
import { tooLarge, UpstreamError, type UpstreamErrorCode } from './upstreamError.ts';

/** Time to end by itself after the end of its input. */
const endGraceMs = 2000;
/** How long output may still come after the exit, where a grandchild holds the pipe open. */
const drainMs = 200;
const tailLines = 5;
const logged = 200;

export interface StdioOptions {
  serverName: string;
  config: Extract<ResolvedConfig, { type: 'stdio' }>;
  env: Readonly<Record<string, string>>;
  reaper: Reaper;
  log: Log;
  /** Takes secrets out of what it wrote. */
  redact: (text: string) => string;
  /** Takes the bytes of stderr. */
  onStderr: (chunk: Buffer) => void;
  /** Its last lines, for error messages. */
  stderrLines: () => readonly string[];
}

/** A server as a child process in a group of its own: one JSON message a line (MCP, basic/transports, stdio). */
export class StdioTransport implements Transport {
  readonly isPipe = true;
  #child: ChildProcess | undefined;
  #listener: TransportListener | undefined;
  #closed: Promise<void> | undefined;
  #ended = false;
  /** Lines of this turn of the event loop. */
  #unsent = '';

  constructor(private readonly options: StdioOptions) {}

  start(listener: TransportListener): void {
    this.#listener = listener;
    const { command, args, cwd } = this.options.config;
    const child = spawn(command, args, {
      cwd,
      env: this.options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    if (child.pid !== undefined) this.options.reaper.add(child.pid);
    child.once('error', (error) => this.#notStarted(error));
    child.once('exit', (code, signal) => void this.#exited(code, signal));
    const lines = this.#scanner();
    child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk));
    child.stdout?.once('end', () => {
      lines.end();
      // Without output it is of no use; mostly it is just ending.
      setTimeout(() => void this.close(), endGraceMs).unref();
    });
    child.stderr?.on('data', this.options.onStderr);
    // EPIPE of a server that is ending: its exit says more.
    child.stdin?.on('error', (error) => this.options.log.debug('stdin of a server', { error }));
  }

  /** What is sent within one turn of the event loop goes at its end, in one system call. */
  send(message: JsonRpcMessage): void {
    const stdin = this.#child?.stdin;
    if (this.#ended || !stdin?.writable) return;
    if (stdin.writableLength + this.#unsent.length > maxMessageBytes) {
      // It reads no input: more would only pile up in our memory.
      if ('method' in message && 'id' in message) {
        const reason = 'does not read its input; 64 MiB are waiting. Restart it.';
        this.#listener?.requestFailed(Number(message.id), this.#error('timeout', reason));
      }
      return;
    }
    if (this.#unsent === '') setImmediate(this.#flush);
    this.#unsent += `${JSON.stringify(message)}\n`;
  }

  abandon(): void {
    // Its reply, should it come, finds nobody: there is nothing to free.
  }

  opened(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  readonly #flush = (): void => {
    const stdin = this.#child?.stdin;
    if (this.#unsent !== '' && stdin?.writable) stdin.write(this.#unsent);
    this.#unsent = '';
  };

  #scanner(): LineScanner {
    return new LineScanner(maxMessageBytes, {
      line: (text) => this.#line(text),
      oversize: (bytes, scanned) => {
        this.options.log.warning('message too large', { server: this.options.serverName, bytes });
        const { id, hasMethod } = scanned;
        if (hasMethod && id !== undefined) {
          const message = 'The request is larger than 64 MiB.';
          this.send({ jsonrpc: '2.0', id, error: { code: rpcCodes.invalidRequest, message } });
        } else if (typeof id === 'number') {
          this.#listener?.requestFailed(id, tooLarge(this.options.serverName, bytes));
        }
      },
    });
  }

  #line(text: string): void {
    if (this.#ended) return;
    let value: unknown;
    try {
      value = plainReply(text) ?? JSON.parse(text);
    } catch {
      if (text.trim() === '') return;
      const line = this.options.redact(text.slice(0, logged));
      const fields = { server: this.options.serverName, line };
      this.options.log.debug('line on stdout that is no message', fields);
      return;
    }
    this.#listener?.message(value, 'pipe');
  }

  #notStarted(error: NodeJS.ErrnoException): void {
    const { command, cwd } = this.options.config;
    let reason = `could not be started: ${error.message}.`;
    if (error.code === 'ENOENT' && !existsSync(cwd)) {
      reason = `could not be started: the folder ${cwd} does not exist. Correct "cwd".`;
    } else if (error.code === 'ENOENT') {
      reason = `could not be started: the command "${command}" was not found. Install it, or correct "command" or PATH.`;
    } else if (error.code === 'EACCES') {
      reason = `could not be started: "${command}" may not be executed. Correct "command" or its permissions.`;
    }
    this.#end(this.#error('start_failed', reason, error));
  }

  async #exited(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const child = this.#child;
    const pid = child?.pid;
    if (child === undefined || pid === undefined) return;
    // 'close' follows when the last output was read, unless a grandchild holds the pipe.
    await atMost(once(child, 'close'), drainMs);
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    this.#end(this.#error('crashed', `ended with ${how}${this.#tail()}`));
    if (groupExists(pid)) await endGroup(pid);
    this.options.reaper.remove(pid);
  }

  #tail(): string {
    const lines = this.options.stderrLines().slice(-tailLines);
    return lines.length === 0 ? '.' : `. Its last output: ${lines.join(' | ')}`;
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener?.closed(error);
  }

  async #close(): Promise<void> {
    const child = this.#child;
    this.#end(this.#error('closed', 'was disconnected.'));
    if (child?.pid === undefined) return;
    const { pid } = child;
    const isRunning = child.exitCode === null && child.signalCode === null;
    const exited = isRunning ? once(child, 'exit') : Promise.resolve();
    this.#flush();
    child.stdin?.end();
    await atMost(exited, endGraceMs);
    await endGroup(pid);
    this.options.reaper.remove(pid);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }

  #error(code: UpstreamErrorCode, reason: string, cause?: Error): UpstreamError {
    const { serverName } = this.options;
    return new UpstreamError(code, serverName, `Server "${serverName}" ${reason}`, { cause });
  }
}
