import { Agent, type IncomingMessage, request } from 'node:http';
import type { ServerFile } from '../contract/admin.ts';

export interface Exchange {
  method: 'POST' | 'GET' | 'DELETE';
  body?: string;
  sessionId?: string | undefined;
  protocolVersion?: string | undefined;
  lastEventId?: string | undefined;
}

/** The request did not reach the server: it can be sent again without doing anything twice. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/** One vMCP's Streamable HTTP address, at the server that runs right now. */
export class McpHttp {
  // Each open call holds a socket: no limit, or one slow call would delay the others.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

  constructor(
    private readonly server: Pick<ServerFile, 'port' | 'adminToken'>,
    private readonly vmcp: string,
  ) {}

  /**
   * Sends one HTTP request; calls and streams may stay open for any time.
   * @param onSent called when the whole request is on its way
   * @throws NotSentError where no connection could be made; Error where it broke later
   */
  send(exchange: Exchange, onSent: () => void, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: '127.0.0.1',
        port: this.server.port,
        agent: this.#agent,
        method: exchange.method,
        path: `/mcp/${encodeURIComponent(this.vmcp)}`,
        headers: this.#headers(exchange),
        signal,
      });
      outgoing.once('response', resolve);
      outgoing.once('error', (error: NodeJS.ErrnoException) => reject(translate(error)));
      outgoing.once('finish', onSent);
      outgoing.end(exchange.body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #headers(exchange: Exchange): Record<string, string> {
    return {
      authorization: `Bearer ${this.server.adminToken}`,
      accept:
        exchange.method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
      ...(exchange.body !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(exchange.body)),
      }),
      ...(exchange.sessionId !== undefined && { 'mcp-session-id': exchange.sessionId }),
      ...(exchange.protocolVersion !== undefined && {
        'mcp-protocol-version': exchange.protocolVersion,
      }),
      ...(exchange.lastEventId !== undefined && { 'last-event-id': exchange.lastEventId }),
    };
  }
}

function translate(error: NodeJS.ErrnoException): Error {
  // Any other error may come after the server has read the request, and begun to act on it.
  return error.code === 'ECONNREFUSED' ? new NotSentError(error.message, { cause: error }) : error;
}
