import { randomBytes } from 'node:crypto';

/** How long a link may be followed, in milliseconds. */
const lifeMs = 10 * 60_000;
/** A link that is older is not given out again. */
const reuseMs = 5 * 60_000;
const maxPending = 100;

/** A sign-in that was begun: the user has the link, the answer has not come. */
export interface PendingSignIn {
  readonly serverId: string;
  /** Single-use, 256 bits: only who was given the link knows it. */
  readonly state: string;
  /** Where the browser goes. */
  readonly link: string;
  readonly verifier: string;
  readonly redirect: string;
  readonly scope: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Ends what waits for the answer. */
  close(): void;
}

/** Sign-ins whose answer has not come; each is answered once, within ten minutes. */
export class SignIns {
  readonly #pending = new Map<string, PendingSignIn>();

  newState(): string {
    return randomBytes(32).toString('base64url');
  }

  add(signIn: Omit<PendingSignIn, 'expiresAt'>): PendingSignIn {
    this.#dropExpired();
    const oldest = this.#pending.keys().next();
    if (this.#pending.size >= maxPending && !oldest.done) this.take(oldest.value);
    const pending = { ...signIn, expiresAt: Date.now() + lifeMs };
    this.#pending.set(signIn.state, pending);
    return pending;
  }

  /** A link of that server which can still be given out. */
  reusable(serverId: string, scope: string | undefined): PendingSignIn | undefined {
    this.#dropExpired();
    const youngest = Date.now() + lifeMs - reuseMs;
    return [...this.#pending.values()].find(
      (each) => each.serverId === serverId && each.scope === scope && each.expiresAt >= youngest,
    );
  }

  /** Takes the sign-in out: its state counts no more. */
  take(state: string): PendingSignIn | undefined {
    this.#dropExpired();
    const pending = this.#pending.get(state);
    this.#pending.delete(state);
    pending?.close();
    return pending;
  }

  /** Ends all of one server. */
  drop(serverId: string): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.serverId === serverId) this.take(pending.state);
    }
  }

  close(): void {
    for (const state of [...this.#pending.keys()]) this.take(state);
  }

  #dropExpired(): void {
    const now = Date.now();
    for (const pending of [...this.#pending.values()]) {
      if (pending.expiresAt > now) continue;
      this.#pending.delete(pending.state);
      pending.close();
    }
  }
}
