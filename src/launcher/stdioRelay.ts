import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { rpcCodes } from '../contract/jsonRpc.ts';
import { type ClientMessage, readClientMessage } from './clientMessage.ts';
import type { McpSession } from './mcpSession.ts';
import { readLines } from './readLines.ts';

/** After the client has closed its side, answers that are still owed may take this long. */
const lastAnswersMs = 1500;

/**
 * Passes the client's lines to the session in their order: the next one goes out when the one before
 * has been sent, `initialize` and notifications even when they have been answered.
 */
export class StdioRelay {
  readonly #open = new Set<Promise<void>>();

  constructor(
    private readonly session: McpSession,
    private readonly write: (line: string) => void,
  ) {}

  /** Runs until the client closes its side; then the session is over, too. */
  async run(input: Readable): Promise<void> {
    try {
      for await (const line of readLines(input)) {
        const message = readClientMessage(line);
        if (message) await this.#pass(message);
        else this.#refuse();
      }
    } catch (error) {
      // A signal destroys the input: that is the end of it, like any other.
      if (!input.destroyed) throw error;
    }
    const limit = AbortSignal.timeout(lastAnswersMs);
    while (this.session.pending > 0 && !limit.aborted) await delay(20);
    await this.session.close();
    await Promise.all(this.#open);
  }

  async #pass(message: ClientMessage): Promise<void> {
    let done: Promise<void> = Promise.resolve();
    const sent = new Promise<void>((resolve) => {
      done = this.session.relay(message, resolve);
    });
    this.#open.add(done);
    void done.finally(() => this.#open.delete(done));
    await (message.kind === 'request' ? sent : done);
  }

  #refuse(): void {
    const error = { code: rpcCodes.parseError, message: 'The line is no JSON-RPC message.' };
    this.write(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
  }
}

/** Writes lines to a stream; a client that went away is not an error. */
export function lineWriter(output: Writable): (line: string) => void {
  output.on('error', () => undefined);
  return (line) => {
    output.write(`${line}\n`);
  };
}
