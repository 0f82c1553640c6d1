import type { NameClaim } from '../../store/records.ts';

/** How long a name that nobody lists any more is kept for its last holder. */
export const reservationMs = 30 * 24 * 3_600_000;

/** Reservations beyond this many are given up, oldest first: some servers list new URIs all day. */
const maxReservations = 2_000;

/** Identifies what a name stands for: a server and the server's own name (or URI) for the thing. */
export function originOf(serverId: string, ownName: string): string {
  return `${serverId}\n${ownName}`;
}

/** The server of an origin. */
export function serverOf(origin: string): string {
  return origin.slice(0, origin.indexOf('\n'));
}

/**
 * Who holds which listed name, during one assignment. Every name has one holder; a holder that is
 * not confirmed by `take` loses it at `finish`, where it stays reserved for 30 days, so that a client
 * with an old list reaches the same thing or nothing, never another one.
 */
export class ClaimLedger {
  readonly #byName = new Map<string, NameClaim>();
  readonly #byWish = new Map<string, string>();
  readonly #confirmed = new Set<string>();
  #changed = false;

  /** @param now milliseconds since 1970; reservations that ran out by then are forgotten. */
  constructor(
    claims: readonly NameClaim[],
    private readonly now: number,
  ) {
    for (const claim of claims) {
      if (claim.freed_at !== null && Date.parse(claim.freed_at) + reservationMs <= now) {
        this.#changed = true;
        continue;
      }
      this.#byName.set(claim.listed, claim);
      const key = wishKey(claim.origin, claim.wish);
      if (claim.freed_at === null || !this.#byWish.has(key)) this.#byWish.set(key, claim.listed);
    }
  }

  /** The origin that holds a name, or for which it is reserved. */
  holder(listed: string): string | undefined {
    return this.#byName.get(listed)?.origin;
  }

  /** When the holder of a name left; undefined while it is there, or where nobody holds it. */
  freedAt(listed: string): string | undefined {
    return this.#byName.get(listed)?.freed_at ?? undefined;
  }

  /** The name that an origin got for this wish, now or within the reservation. */
  heldBy(origin: string, wish: string | undefined): string | undefined {
    return this.#byWish.get(wishKey(origin, wish));
  }

  /** Gives a name to an origin. @returns false where another one holds it */
  take(listed: string, origin: string, wish: string | undefined): boolean {
    const claim = this.#byName.get(listed);
    if (claim && claim.origin !== origin) return false;
    if (!claim || claim.freed_at !== null || claim.wish !== wish) {
      this.#byName.set(listed, {
        listed,
        origin,
        freed_at: null,
        ...(wish !== undefined && { wish }),
      });
      this.#changed = true;
    }
    this.#confirmed.add(listed);
    return true;
  }

  /** The claims after this assignment, and whether they differ from those before it. */
  finish(): { claims: NameClaim[]; changed: boolean } {
    const held: NameClaim[] = [];
    const reserved: NameClaim[] = [];
    for (const claim of this.#byName.values()) {
      if (this.#confirmed.has(claim.listed)) held.push(claim);
      else if (claim.freed_at !== null) reserved.push(claim);
      else {
        reserved.push({ ...claim, freed_at: new Date(this.now).toISOString() });
        this.#changed = true;
      }
    }
    if (reserved.length > maxReservations) {
      reserved.sort((a, b) => ((a.freed_at ?? '') < (b.freed_at ?? '') ? 1 : -1));
      reserved.length = maxReservations;
      this.#changed = true;
    }
    return { claims: [...held, ...reserved], changed: this.#changed };
  }
}

function wishKey(origin: string, wish: string | undefined): string {
  return `${wish ?? ''}\n${origin}`;
}
