import type { Socket } from 'node:net';

const maxConnections = 2_000;

/** What VS Code and launchers open; it is never closed to make room. */
export const adminOwner = 'admin';
/** Of whom a connection is that did not name itself: it said nothing yet, or came without any token. */
export const unknownOwner = 'unknown';

/**
 * The open connections, by whose requests came on them: a client token's id, or one of the above. Where
 * there are too many, the oldest one of whoever has most is closed, so that a client that opens
 * connections without end takes them from itself, and windows always get through.
 */
export class Connections {
  /** In the order in which they were opened. */
  readonly #owners = new Map<Socket, string>();

  constructor(private readonly limit = maxConnections) {}

  get count(): number {
    return this.#owners.size;
  }

  /** A new connection. */
  add(socket: Socket): void {
    if (this.#owners.size >= this.limit && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#owners.set(socket, unknownOwner);
    socket.once('close', () => this.#owners.delete(socket));
  }

  /** A request came on it; once the administrator's, it stays that. */
  claim(socket: Socket, owner: string): void {
    const before = this.#owners.get(socket);
    if (before === owner || before === undefined || before === adminOwner) return;
    this.#owners.set(socket, owner);
  }

  #makeRoom(): boolean {
    const counts = new Map<string, number>();
    for (const owner of this.#owners.values()) {
      if (owner !== adminOwner) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
    for (const [socket, owner] of this.#owners) {
      if (owner !== most) continue;
      this.#owners.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
}
