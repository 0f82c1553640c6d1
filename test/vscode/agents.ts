import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type * as VSCode from 'vscode';
import { eventually, within } from '../support/eventually.ts';

type Vscode = typeof VSCode;

interface Outcome {
  folder: string;
  id?: number;
  result?: unknown;
  error?: string;
}

/** The agents in the windows' extension hosts, by the folder that each window shows. */
export class Agents {
  readonly #server: Server;
  readonly #waiting = new Map<string, ServerResponse>();
  readonly #tasks = new Map<number, (outcome: Outcome) => void>();
  #lastId = 0;

  constructor() {
    this.#server = createServer(async (request, reply) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const outcome: Outcome = JSON.parse(body);
      if (outcome.id !== undefined) this.#tasks.get(outcome.id)?.(outcome);
      this.#waiting.set(outcome.folder, reply);
    });
  }

  /** @returns the address for the agents */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits for the window that shows a folder. */
  async ready(folder: string): Promise<void> {
    const what = `the window on ${folder}`;
    await eventually(() => this.#waiting.has(folder), { timeoutMs: 60_000, what });
  }

  /**
   * Runs a function in a window's extension host. It sees nothing but its two arguments, and its
   * result comes back as JSON.
   */
  async run<A, R>(
    folder: string,
    code: (vscode: Vscode, argument: A) => R | Promise<R>,
    argument?: A,
  ): Promise<Awaited<R>> {
    const reply = await eventually(() => this.#waiting.get(folder), { what: 'a free agent' });
    this.#waiting.delete(folder);
    this.#lastId += 1;
    const id = this.#lastId;
    const done = new Promise<Outcome>((resolve) => this.#tasks.set(id, resolve));
    reply.end(JSON.stringify({ id, code: String(code), argument }));
    const outcome = await within(done, 60_000, `the end of ${String(code).slice(0, 200)}`);
    this.#tasks.delete(id);
    if (outcome.error !== undefined) throw new Error(outcome.error);
    return outcome.result as Awaited<R>;
  }

  /** Lets a window's agent go: the test entry has ended, and with it a desktop VS Code. */
  async end(folder: string): Promise<void> {
    const reply = await eventually(() => this.#waiting.get(folder), { what: 'a free agent' });
    this.#waiting.delete(folder);
    reply.end(JSON.stringify({ end: true }));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
