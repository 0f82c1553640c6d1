import { type Agent, request } from 'node:http';

/** Largest answer that is read from the server's REST API. */
const maxAnswerBytes = 64 * 1024 * 1024;

interface Exchange {
  port: number;
  method: string;
  path: string;
  /** Sent as `Authorization: Bearer`; left out towards a server that has not proved itself. */
  token?: string;
  /** Milliseconds for the whole exchange. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface JsonRequest extends Exchange {
  body?: unknown;
}

export interface JsonAnswer {
  status: number;
  /** The parsed body; undefined where it is empty. */
  body: unknown;
}

export interface BytesRequest extends Exchange {
  /** What the answer should be. */
  accept: string;
  content?: { type: string; bytes: Uint8Array };
}

export interface BytesAnswer {
  status: number;
  bytes: Buffer;
}

/**
 * One JSON exchange with a server on 127.0.0.1.
 * @throws Error where the connection fails, the time is up or the answer is no JSON
 */
export async function exchangeJson(
  agent: Agent | undefined,
  { body, ...exchange }: JsonRequest,
): Promise<JsonAnswer> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const { status, bytes } = await exchangeBytes(agent, {
    ...exchange,
    accept: 'application/json',
    ...(payload && { content: { type: 'application/json', bytes: payload } }),
  });
  return { status, body: parseAnswer(bytes, exchange) };
}

/**
 * One exchange with a server on 127.0.0.1, of any type. It goes through `node:http` and not `fetch`,
 * because the extension host puts proxies and certificates into `fetch`, which concern no loopback traffic.
 * @throws Error where the connection fails or the time is up
 */
export function exchangeBytes(
  agent: Agent | undefined,
  options: BytesRequest,
): Promise<BytesAnswer> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(timeout.aborted ? timeoutError(options) : (options.signal?.reason ?? error));
    const { port, method, path } = options;
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, agent: agent ?? false, signal },
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
          resolve({ status: incoming.statusCode ?? 0, bytes: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.setHeader('accept', options.accept);
    if (options.token !== undefined) {
      outgoing.setHeader('authorization', `Bearer ${options.token}`);
    }
    if (options.content) {
      outgoing.setHeader('content-type', options.content.type);
      outgoing.setHeader('content-length', options.content.bytes.byteLength);
    }
    outgoing.end(options.content?.bytes);
  });
}

function parseAnswer(bytes: Buffer, { method, path }: Exchange): unknown {
  try {
    return bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Error(`${method} ${path}: no JSON`, { cause: error });
  }
}

function timeoutError({ method, path, timeoutMs }: Exchange): Error {
  return new Error(`${method} ${path}: no answer within ${timeoutMs / 1000} s`);
}
