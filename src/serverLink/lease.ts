import { WebSocket } from 'ws';
import type { LeaseMessage, ServerFile } from '../contract/admin.ts';
import { type ServerEvent, serverEventSchema } from '../contract/events.ts';

/** A WebSocket handshake on loopback. */
const openTimeoutMs = 5_000;

/** How a lease came to its end. */
export type LeaseEnd = 'lost' | 'stopped' | 'successor' | 'released';

/**
 * The connection by which a window or launcher keeps the server running, and on which it hears
 * the server's events.
 */
export class Lease {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly ended: Promise<LeaseEnd>;
  #end: LeaseEnd = 'lost';

  private constructor(
    private readonly socket: WebSocket,
    onEvent: (event: ServerEvent) => void,
  ) {
    socket.on('message', (data) => this.#receive(String(data), onEvent));
    // `close` follows every error; without a listener the error would end the process.
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      socket.once('close', () => resolve(this.#end));
    });
  }

  /** @throws Error where the server does not take the connection within 5 s */
  static open(
    server: Pick<ServerFile, 'port' | 'adminToken'>,
    message: LeaseMessage,
    onEvent: (event: ServerEvent) => void,
  ): Promise<Lease> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, {
      headers: { authorization: `Bearer ${server.adminToken}` },
      handshakeTimeout: openTimeoutMs,
      perMessageDeflate: false,
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => {
        socket.off('error', reject);
        socket.send(JSON.stringify(message));
        resolve(new Lease(socket, onEvent));
      });
    });
  }

  /** Gives the lease up. The server ends some time after the last one. */
  release(): void {
    this.#end = 'released';
    this.socket.terminate();
  }

  #receive(text: string, onEvent: (event: ServerEvent) => void): void {
    // A newer server may send events that this version does not know.
    const event = serverEventSchema.safeParse(parseJson(text)).data;
    if (!event) return;
    if (event.type === 'stopping') this.#end = event.successor ? 'successor' : 'stopped';
    onEvent(event);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
