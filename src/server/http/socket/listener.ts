import type { RawData, WebSocket } from 'ws';
import * as z from 'zod';
import { leaseMessageSchema } from '../../../contract/admin.ts';
import type { ServerEvent } from '../../../contract/events.ts';
import type { Leases } from './leases.ts';

/** Milliseconds. */
const firstMessageLimit = 10_000;
const pingInterval = 30_000;
const closeLimit = 2_000;

/** Events wait in memory for a slow reader; one that lets this many bytes pile up is dropped. */
const maxBufferedBytes = 4 * 1024 * 1024;

const policyViolation = 1008;
const goingAway = 1001;

const firstMessageSchema = z.discriminatedUnion('type', [
  leaseMessageSchema,
  z.object({ type: z.literal('listen') }),
]);

/**
 * One connection on `/ws`. It gets events once it said what it is: `listen`, or a lease, which only
 * the holder of the admin token may take. A lease sent again renews its environment.
 */
export class Listener {
  #hearsEvents = false;
  #isLauncher = false;
  #isAlive = true;
  readonly #firstMessageTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly isAdmin: boolean,
    private readonly leases: Leases,
    /** What happened before and still matters. */
    private readonly earlier: () => Iterable<ServerEvent>,
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
    const message = firstMessageSchema.safeParse(parse(data));
    if (!message.success) {
      this.#refuse('Expected a lease or {"type":"listen"}');
    } else if (message.data.type === 'lease' && !this.isAdmin) {
      this.#refuse('A lease needs the admin token');
    } else {
      clearTimeout(this.#firstMessageTimer);
      if (!this.#hearsEvents) {
        this.#hearsEvents = true;
        for (const event of this.earlier()) this.send(JSON.stringify(event));
      }
      if (message.data.type !== 'lease') return;
      this.#isLauncher = message.data.holder === 'launcher';
      this.leases.take(this, message.data);
    }
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
    this.leases.release(this);
  }
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined; // refused by the schema
  }
}
