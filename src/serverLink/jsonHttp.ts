import { type Agent, request } from 'node:http';

/** Largest answer that is read from the server's REST API. */
const maxAnswerBytes = 64 * 1024 * 1024;

export interface JsonRequest {
  port: number;
  method: string;
  path: string;
  /** Sent as `Authorization: Bearer`; left out towards a server that has not proved itself. */
  token?: string;
  body?: unknown;
  /** Milliseconds for the whole exchange. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface JsonAnswer {
  status: number;
  /** The parsed body; undefined where it is empty. */
  body: unknown;
}

/**
 * One JSON exchange with a server on 127.0.0.1. It goes through `node:http` and not `fetch`, because
 * the extension host puts proxies and certificates into `fetch`, which concern no loopback traffic.
 * @throws Error where the connection fails, the time is up or the answer is no JSON
 */
export function exchangeJson(agent: Agent | undefined, options: JsonRequest): Promise<JsonAnswer> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const payload = options.body === undefined ? undefined : JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(timeout.aborted ? timeoutError(options) : (options.signal?.reason ?? error));
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: options.port,
        method: options.method,
        path: options.path,
        agent: agent ?? false,
        signal,
        headers: {
          accept: 'application/json',
          ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
          ...(payload !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxAnswerBytes) outgoing.destroy(new Error('The answer is too large.'));
          else chunks.push(chunk);
        });
        incoming.on('error', fail);
        incoming.on('end', () => {
          try {
            const text = Buffer.concat(chunks).toString('utf8');
            const body: unknown = text === '' ? undefined : JSON.parse(text);
            resolve({ status: incoming.statusCode ?? 0, body });
          } catch (error) {
            fail(new Error(`${options.method} ${options.path}: no JSON`, { cause: error }));
          }
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(payload);
  });
}

function timeoutError(options: JsonRequest): Error {
  return new Error(
    `${options.method} ${options.path}: no answer within ${options.timeoutMs / 1000} s`,
  );
}
