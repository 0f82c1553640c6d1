import type { FocusMessage, LeaseMessage, ServerFile } from '../contract/admin.ts';
import { type ServerEvent, serverEventSchema } from '../contract/events.ts';

/** A WebSocket handshake on loopback. */
const openTimeoutMs = 5_000;

/** What a lease needs of a WebSocket. */
export interface LeaseSocket {
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

/** Node's own WebSocket (from Node 22 on) or that of `ws`: both send the headers that they are given. */
export type LeaseSocketType = new (
  url: string,
  options: { headers: Record<string, string> },
) => LeaseSocket;

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
    private readonly socket: LeaseSocket,
    onEvent: (event: ServerEvent) => void,
  ) {
    socket.addEventListener('message', ({ data }) => this.#receive(String(data), onEvent));
    this.ended = new Promise((resolve) => {
      socket.addEventListener('close', () => resolve(this.#end));
    });
  }

  /** @throws Error where the server does not take the connection within 5 s */
  static open(
    Socket: LeaseSocketType,
    server: Pick<ServerFile, 'port' | 'adminToken'>,
    message: () => LeaseMessage,
    onEvent: (event: ServerEvent) => void,
  ): Promise<Lease> {
    const address = `ws://127.0.0.1:${server.port}/ws`;
    const socket = new Socket(address, {
      headers: { authorization: `Bearer ${server.adminToken}` },
    });
    return new Promise((resolve, reject) => {
      const failed = () => {
        clearTimeout(timer);
        reject(new Error(`${address} does not take the connection`));
        socket.close();
      };
      const timer = setTimeout(failed, openTimeoutMs);
      // `close` follows every error; without a listener the error would end the process.
      socket.addEventListener('error', failed);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        const lease = new Lease(socket, onEvent);
        lease.tell(message());
        resolve(lease);
      });
    });
  }

  /** Tells who holds it, at the beginning and whenever that has changed, and that its user is there. */
  tell(message: LeaseMessage | FocusMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Gives the lease up. The server ends some time after the last one. */
  release(): void {
    this.#end = 'released';
    this.socket.close();
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
