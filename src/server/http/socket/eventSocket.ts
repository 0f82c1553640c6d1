import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ServerEvent } from '../../../contract/events.ts';
import type { EditorWindows } from '../../editor/editorWindows.ts';
import type { EventBus } from '../../events.ts';
import type { Access } from '../access.ts';
import { adminOwner, type Connections } from '../connections.ts';
import { errorReply } from '../errorReply.ts';
import { notFound } from '../httpError.ts';
import { pathOf } from '../mcpAddress.ts';
import { Leases } from './leases.ts';
import { Listener } from './listener.ts';

/** An environment is the largest thing that comes in. */
const maxMessageBytes = 1024 * 1024;

/** `/ws`: tells windows what changed; their connections are the leases that keep the server running. */
export class EventSocket {
  readonly leases = new Leases();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
  });
  readonly #listeners = new Set<Listener>();
  readonly #stopListening: () => void;

  constructor(
    private readonly access: Access,
    private readonly connections: Connections,
    private readonly events: EventBus,
    private readonly windows: EditorWindows,
  ) {
    this.#stopListening = events.subscribe((event) => this.#broadcast(event));
  }

  /** Answers the server's upgrade requests; returns how to end the connections. */
  attach(server: Server): () => void {
    server.on('upgrade', (request, socket, head) => {
      try {
        this.#check(request);
      } catch (error) {
        refuse(socket, error);
        return;
      }
      const isAdmin = this.access.isAdmin(request);
      if (isAdmin) this.connections.claim(request.socket, adminOwner);
      this.#server.handleUpgrade(request, socket, head, (webSocket) =>
        this.#accept(webSocket, isAdmin),
      );
    });
    return () => this.close();
  }

  /** Whether anybody who shows calls listens: launchers do not. */
  get showsCalls(): boolean {
    for (const listener of this.#listeners) if (listener.showsCalls) return true;
    return false;
  }

  /** Ends every connection. */
  close(): void {
    this.#stopListening();
    for (const listener of this.#listeners) listener.close();
    this.#server.close();
  }

  /** @throws HttpError */
  #check(request: IncomingMessage): void {
    this.access.checkSource(request);
    if (pathOf(request.url ?? '') !== '/ws' || !this.access.isOpenTo(request)) throw notFound();
  }

  #accept(webSocket: WebSocket, isAdmin: boolean): void {
    const listener = new Listener(webSocket, isAdmin, {
      leases: this.leases,
      windows: this.windows,
      earlier: () => this.events.problems,
    });
    this.#listeners.add(listener);
    webSocket.once('close', () => this.#listeners.delete(listener));
  }

  #broadcast(event: ServerEvent): void {
    if (this.#listeners.size === 0) return;
    const message = JSON.stringify(event);
    const isForWindows = event.type === 'activity.calls';
    for (const listener of this.#listeners) {
      if (!isForWindows || listener.showsCalls) listener.send(message);
    }
  }
}

function refuse(socket: Duplex, error: unknown): void {
  const { status, body } = errorReply(error);
  const text = JSON.stringify(body);
  socket.on('error', () => socket.destroy()); // the client may be gone already
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
