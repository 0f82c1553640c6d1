import type { RawData, WebSocket } from 'ws';
import * as z from 'zod';
import {
  focusMessageSchema,
  type LeaseMessage,
  leaseMessageSchema,
} from '../../../contract/admin.ts';
import type { ServerEvent } from '../../../contract/events.ts';
import type { EditorWindow, EditorWindows } from '../../editor/editorWindows.ts';
import type { Leases } from './leases.ts';

/** Milliseconds. */
const firstMessageLimit = 10_000;
const pingInterval = 30_000;
const closeLimit = 2_000;

/** Events wait in memory for a slow reader; one that lets this many bytes pile up is dropped. */
const maxBufferedBytes = 4 * 1024 * 1024;

const policyViolation = 1008;
const goingAway = 1001;

const messageSchema = z.discriminatedUnion('type', [
  leaseMessageSchema,
  focusMessageSchema,
  z.object({ type: z.literal('listen') }),
]);

/** Where listeners are known. */
export interface ListenerPlaces {
  leases: Leases;
  windows: EditorWindows;
  /** What happened before and still matters. */
  earlier(): Iterable<ServerEvent>;
}

/**
 * One connection on `/ws`. It gets events once it said what it is: `listen`, or a lease, which only
 * the holder of the admin token may take. A lease sent again renews its environment.
 */
export class Listener {
  readonly #window: EditorWindow = { send: (event) => this.send(JSON.stringify(event)) };
  #hearsEvents = false;
  #isLauncher = false;
  #isAlive = true;
  readonly #firstMessageTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly isAdmin: boolean,
    private readonly places: ListenerPlaces,
  ) {
    this.#firstMessageTimer = setTimeout(
      () => this.#refuse('The first message did not come in time'),
      firstMessageLimit,
    ).unref();
    this.#pingTimer = setInterval(() => this.#ping(), pingInterval).unref();
    socket.on('message', (data) => this.#receive(data));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('error', () => socket.terminate()); // oversize or broken frames; `close` follows
    socket.once('close', () => this.#closed());
  }

  /** Whether it is of a window, or of whoever wants to hear everything. */
  get showsCalls(): boolean {
    return this.#hearsEvents && !this.#isLauncher;
  }

  send(message: string): void {
    if (!this.#hearsEvents) return;
    if (this.socket.bufferedAmount > maxBufferedBytes) this.socket.terminate();
    else this.socket.send(message);
  }

  /** Closes, and cuts the connection where the other side does not answer. */
  close(): void {
    this.socket.close(goingAway, 'The server is stopping');
    setTimeout(() => this.socket.terminate(), closeLimit).unref();
  }

  #receive(data: RawData): void {
    const message = messageSchema.safeParse(parse(data));
    if (message.success && message.data.type === 'focused') {
      if (this.#hearsEvents) this.places.windows.focused(this.#window);
      else this.#refuse('Expected a lease or {"type":"listen"}');
    } else if (!message.success) {
      this.#refuse('Expected a lease or {"type":"listen"}');
    } else if (message.data.type === 'lease' && !this.isAdmin) {
      this.#refuse('A lease needs the admin token');
    } else {
      clearTimeout(this.#firstMessageTimer);
      if (!this.#hearsEvents) {
        this.#hearsEvents = true;
        for (const event of this.places.earlier()) this.send(JSON.stringify(event));
      }
      if (message.data.type === 'lease') this.#takeLease(message.data);
    }
  }

  #takeLease(message: LeaseMessage): void {
    const { holder, folders = [], answers, focused = false } = message;
    this.#isLauncher = holder === 'launcher';
    this.places.leases.take(this, message);
    if (holder === 'window' && answers) this.places.windows.take(this.#window, folders, focused);
    else this.places.windows.release(this.#window);
  }

  #ping(): void {
    if (!this.#isAlive) {
      this.socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.socket.ping();
  }

  #refuse(reason: string): void {
    this.#hearsEvents = false;
    this.socket.close(policyViolation, reason);
  }

  #closed(): void {
    clearTimeout(this.#firstMessageTimer);
    clearInterval(this.#pingTimer);
    this.places.leases.release(this);
    this.places.windows.release(this.#window);
  }
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined; // refused by the schema
  }
}
