import { restInputSchema } from '../../contract/webview/messages.ts';
import {
  type Operation,
  type OperationName,
  operations,
} from '../../contract/webview/operations.ts';
import type { RestClient } from '../../serverLink/restClient.ts';
import { RestError } from '../../serverLink/restError.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** A page that is restored asks before its window is connected. */
const connectTimeoutMs = 20_000;

/** Passes the REST requests of one kind of page on: those that it may ask for, and no others. */
export class RequestForwarder {
  constructor(
    private readonly process: Pick<ServerProcess, 'state' | 'client' | 'onDidChangeState'>,
    private readonly allowed: readonly OperationName[],
  ) {}

  /**
   * @param input what the page sent with it, unchecked
   * @returns the body of the answer
   * @throws RestError as the server refused it; Error where it is not reached or the request is wrong
   */
  async forward(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const allowed = this.allowed.find((each) => each === name);
    if (allowed === undefined) throw new RestError(403, 'Not for this page', name);
    const operation: Operation = operations[allowed];
    const { params = {}, query = {}, body } = restInputSchema.parse(input);
    const path = fillPath(operation.path, params) + queryText(operation, query);
    if ((body !== undefined) !== (operation.body !== undefined)) {
      throw new RestError(400, 'Invalid request', `${name}: body`);
    }
    const client = await this.#client(signal);
    return client.forward(operation.method, path, {
      body,
      signal,
      ...(operation.timeoutMs !== undefined && { timeoutMs: operation.timeoutMs }),
    });
  }

  async #client(signal: AbortSignal): Promise<RestClient> {
    if (this.process.state.status === 'starting') {
      await this.#settled(AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]));
      signal.throwIfAborted();
    }
    return this.process.client;
  }

  /** Resolves when the window is no longer connecting, or the signal fires. */
  #settled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        listening.dispose();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const listening = this.process.onDidChangeState((state) => {
        if (state.status !== 'starting') done();
      });
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

/** @throws RestError where a parameter is missing or there is one too many */
function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(params));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!unused.delete(name)) throw new RestError(400, 'Invalid request', `params.${name}`);
    return encodeURIComponent(params[name] ?? '');
  });
  const [extra] = unused;
  if (extra !== undefined) throw new RestError(400, 'Invalid request', `params.${extra}`);
  return filled;
}

function queryText(
  { query: schema }: Operation,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (!schema || !Object.hasOwn(schema.shape, name)) {
      throw new RestError(400, 'Invalid request', `query.${name}`);
    }
    search.set(name, String(value));
  }
  return search.size > 0 ? `?${search}` : '';
}
