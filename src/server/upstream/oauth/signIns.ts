import { randomBytes } from 'node:crypto';
import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed } from '@modelcontextprotocol/sdk/shared/auth.js';

/** How long a link may be followed, in milliseconds. */
const lifeMs = 10 * 60_000;
/** A link that is older is not given out again. */
const reuseMs = 5 * 60_000;
const maxPending = 100;
const maxPerServer = 4;

/** A sign-in that was begun: the user has the link, the answer has not come. */
export interface PendingSignIn {
  readonly serverId: string;
  /** The address that the tokens will be for. */
  readonly resource: string;
  /** Single-use, 256 bits: only who was given the link knows it. */
  readonly state: string;
  /** Where the browser goes. */
  readonly link: string;
  readonly verifier: string;
  readonly redirect: string;
  readonly scope: string | undefined;
  /** Who authorizes, and as which client: the answer is used with these alone. */
  readonly discovery: OAuthDiscoveryState;
  readonly client: OAuthClientInformationMixed;
  /** Whether the answer comes to a listener of its own. */
  readonly isOwn: boolean;
  /** The redirect that a window asked for; undefined where vMCP chose it. */
  readonly wantedRedirect: string | undefined;
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

  /** The oldest ones give way where there are too many, first of all those of the same server. */
  add(signIn: Omit<PendingSignIn, 'expiresAt'>): PendingSignIn {
    this.#dropExpired();
    const ofServer = this.#of(signIn.serverId);
    const [first] = ofServer.length >= maxPerServer ? ofServer : this.#pending.values();
    const isFull = ofServer.length >= maxPerServer || this.#pending.size >= maxPending;
    if (isFull && first) this.#end(first);
    const pending = { ...signIn, expiresAt: Date.now() + lifeMs };
    this.#pending.set(signIn.state, pending);
    return pending;
  }

  /** A link that can still be given out. */
  reusable(
    serverId: string,
    scope: string | undefined,
    redirect: string | undefined,
  ): PendingSignIn | undefined {
    this.#dropExpired();
    const youngest = Date.now() + lifeMs - reuseMs;
    return this.#of(serverId).find(
      (each) =>
        each.scope === scope && each.wantedRedirect === redirect && each.expiresAt >= youngest,
    );
  }

  /**
   * Takes the sign-in out: its state counts no more.
   * @param listener state of the sign-in whose own listener was answered; no other answer counts there
   */
  take(state: string, listener: string | undefined): PendingSignIn | undefined {
    this.#dropExpired();
    const pending = this.#pending.get(state);
    if (!pending || listener !== (pending.isOwn ? state : undefined)) return undefined;
    this.#end(pending);
    return pending;
  }

  /** Ends all of one server. */
  drop(serverId: string): void {
    for (const pending of this.#of(serverId)) this.#end(pending);
  }

  close(): void {
    for (const pending of [...this.#pending.values()]) this.#end(pending);
  }

  #of(serverId: string): PendingSignIn[] {
    return [...this.#pending.values()].filter((each) => each.serverId === serverId);
  }

  #end(pending: PendingSignIn): void {
    this.#pending.delete(pending.state);
    pending.close();
  }

  #dropExpired(): void {
    const now = Date.now();
    for (const pending of [...this.#pending.values()]) {
      if (pending.expiresAt <= now) this.#end(pending);
    }
  }
}
