import type { IncomingMessage } from 'node:http';
import { isJsonObject } from '../../../contract/json.ts';
import { type JsonRpcMessage, type JsonRpcRequest, RpcError } from '../../../contract/jsonRpc.ts';
import { encodeHeaderValue } from '../../protocol/headerValue.ts';
import { modernCodes, modernVersion } from '../../protocol/modernProtocol.ts';
import { type ParamHeader, paramHeaderValues } from '../../protocol/paramHeaders.ts';
import { nameParameterOf } from '../../protocol/standardNames.ts';
import { traceHeaders } from '../../telemetry/traceContext.ts';
import { EventStreamParser } from '../eventStreamParser.ts';
import { BodyTooLargeError, mediaType, readExcerpt, readText } from '../httpBody.ts';
import { HttpStatusError } from '../httpFailure.ts';
import { answers, parsed, readEvents } from '../httpMessages.ts';
import { HttpPeer, type RemoteOptions } from '../httpPeer.ts';
import { maxMessageBytes, type Transport, type TransportListener } from '../transport.ts';

const eventStream = 'text/event-stream';
const streamEndMs = 1000;

export interface ModernRemoteOptions extends RemoteOptions {
  /** The `Mcp-Param-…` headers of a tool, by the server's own name of it. */
  paramHeaders: (tool: string) => readonly ParamHeader[];
}

/**
 * HTTP without sessions (MCP 2026-07-28, basic/transports/streamable-http): each request is a POST whose
 * answer is JSON or a stream; closing it is the cancellation, and one that breaks is lost.
 */
export class ModernHttpTransport implements Transport {
  readonly isPipe = false;
  readonly #peer: HttpPeer;
  readonly #exchanges = new Map<number, AbortController>();
  #listener: TransportListener | undefined;
  #isClosed = false;

  constructor(private readonly options: ModernRemoteOptions) {
    this.#peer = new HttpPeer(options);
  }

  start(listener: TransportListener): void {
    this.#listener = listener;
  }

  /** Requests only: clients of this era send nothing else over HTTP. */
  send(message: JsonRpcMessage): void {
    if ('method' in message && 'id' in message) void this.#exchange(message);
  }

  abandon(id: number): void {
    this.#exchanges.get(id)?.abort();
  }

  async opened(): Promise<void> {}

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const exchange of this.#exchanges.values()) exchange.abort();
    this.#peer.close();
  }

  async #exchange(message: JsonRpcRequest): Promise<void> {
    const id = Number(message.id);
    const abort = new AbortController();
    this.#exchanges.set(id, abort);
    try {
      const response = await this.#peer.request({
        method: 'POST',
        headers: this.#headers(message),
        body: JSON.stringify(message),
        signal: abort.signal,
      });
      await this.#readAnswer(id, response);
    } catch (error) {
      if (!abort.signal.aborted) this.#failed(id, error);
    } finally {
      this.#exchanges.delete(id);
    }
  }

  /** They repeat what the body says, as this server knows it. */
  #headers({ method, params }: JsonRpcRequest): Record<string, string> {
    const nameParameter = nameParameterOf(method);
    const name = nameParameter === undefined ? undefined : params?.[nameParameter];
    const isCall = method === 'tools/call' && typeof name === 'string';
    return {
      ...traceHeaders(params),
      Accept: `application/json, ${eventStream}`,
      'Content-Type': 'application/json',
      'MCP-Protocol-Version': modernVersion,
      'Mcp-Method': method,
      ...(typeof name === 'string' && { 'Mcp-Name': encodeHeaderValue(name) }),
      ...(isCall && paramHeaderValues(this.options.paramHeaders(name), params?.arguments)),
    };
  }

  async #readAnswer(id: number, response: IncomingMessage): Promise<void> {
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) return this.#readRefusal(id, response);
    if (mediaType(response) === eventStream) return this.#readStream(id, response);
    const text = await readText(response, maxMessageBytes);
    if (this.#deliver(parsed(text), id)) return;
    throw this.#peer.error('protocol', `answered HTTP ${statusCode} without an answer`);
  }

  /** An error status carries the answer, where the server understood the request so far. */
  async #readRefusal(id: number, response: IncomingMessage): Promise<void> {
    const status = response.statusCode ?? 0;
    const text = await readExcerpt(response);
    const value = parsed(text);
    const isAboutAccess = status === 401 || status === 403;
    if (!isAboutAccess && answers(value, id)) {
      this.#deliver(value, id);
      return;
    }
    const error = isAboutAccess ? undefined : errorWithoutId(value);
    if (error === undefined) throw new HttpStatusError(status, this.#peer.shown(text));
    this.#listener?.requestFailed(id, error);
  }

  async #readStream(id: number, response: IncomingMessage): Promise<void> {
    let isAnswered = false;
    let tooLarge: number | undefined;
    const parser = new EventStreamParser(maxMessageBytes, {
      event: ({ type, data }) => {
        if (type !== 'message' || isAnswered || !this.#deliver(parsed(data), id)) return;
        isAnswered = true;
        // The server is to end the stream now; one that does not must not keep the socket.
        setTimeout(() => response.destroy(), streamEndMs).unref();
      },
      oversize: (bytes) => {
        tooLarge = bytes;
        response.destroy();
      },
    });
    const broke = await readEvents(response, parser);
    if (isAnswered) return;
    if (tooLarge !== undefined) throw new BodyTooLargeError(tooLarge);
    if (parser.pendingBytes > maxMessageBytes) throw new BodyTooLargeError(parser.pendingBytes);
    throw broke ?? this.#peer.error('unreachable', 'closed the stream before it answered');
  }

  /** @returns whether the answer to the request was in it */
  #deliver(value: unknown, id: number): boolean {
    if (value === undefined || this.#isClosed) return false;
    this.#listener?.message(value, id);
    return answers(value, id);
  }

  #failed(id: number, error: unknown): void {
    const { failure, endsConnection } = this.#peer.failureOf(error);
    if (endsConnection) this.#listener?.closed(failure);
    else this.#listener?.requestFailed(id, failure);
  }
}

/** Codes that say by themselves that they are of a server of this era. */
const early = new Set<number>(Object.values(modernCodes));

/** An error of a server of this era that did not get as far as the request's id. */
function errorWithoutId(value: unknown): RpcError | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.error) || (value.id ?? null) !== null) {
    return undefined;
  }
  const { code, message, data } = value.error;
  if (typeof code !== 'number' || !early.has(code) || typeof message !== 'string') return undefined;
  return new RpcError(code, message, data);
}
