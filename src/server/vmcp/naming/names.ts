import type { NameClaim } from '../../store/records.ts';
import { ClaimLedger, reservationMs } from './claimLedger.ts';
import { shortHash } from './hash.ts';

/** VS Code cuts `mcp_<server>_<tool>` at 64 characters, of which 18 are the prefix. */
export const maxNameLength = 46;
const hashLength = 8;
/** What is left of a shortened name before `_<hash>`. */
const room = maxNameLength - hashLength - 1;
/** A long server name leaves the rest of a shortened name to the tool, which tells more. */
const serverRoom = 12;

/** A tool or prompt that wants a name. */
export interface NameWish {
  /** See `originOf`. */
  origin: string;
  server: string;
  /** The server's own name for it. */
  name: string;
  /** The user's name for it, put where the own name would stand. */
  override?: string | undefined;
  /** Without the server's name in front, unless contested. */
  plain: boolean;
}

/** A name the user gave that another tool holds. */
export interface NameConflict {
  origin: string;
  wanted: string;
  /** The origin that holds it. */
  holder: string;
  /** From when on it can be given out; undefined while its holder is there. */
  freeFrom: string | undefined;
}

export interface NameAssignment {
  /** By origin. */
  listed: Map<string, string>;
  /** Former names of present origins, which keep working while they are reserved. */
  former: Map<string, string>;
  conflicts: NameConflict[];
  claims: NameClaim[];
  /** Whether `claims` differ from those before. */
  changed: boolean;
}

/** What tools and prompts are called: the characters that every client takes. */
export function legalName(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_') || '_';
}

/** The form that REST lists. Server names hold no dot, so no two servers' forms are ever the same. */
export function canonicalName(server: string, name: string): string {
  return `${server}.${name}`;
}

/**
 * Gives every origin a listed name: `<server>_<name>`, or plainly `<name>` where `plain` says so and
 * nobody holds that; legal, at most 46 characters, all distinct. An origin keeps its name whatever
 * happens to others, to priorities and to the name of its server; only another `override` or `plain`
 * makes a new one. The order of the wishes decides between new names alone; names the user gave come
 * before made-up ones.
 */
export function assignNames(
  wishes: readonly NameWish[],
  claims: readonly NameClaim[],
  now: number,
): NameAssignment {
  const ledger = new ClaimLedger(claims, now);
  const listed = new Map<string, string>();
  for (const wish of wishes) {
    const held = ledger.heldBy(wish.origin, wishText(wish));
    if (held !== undefined && ledger.take(held, wish.origin, wishText(wish))) {
      listed.set(wish.origin, held);
    }
  }
  const fresh = wishes.filter((wish) => !listed.has(wish.origin));
  for (const wish of fresh) {
    if (wish.override === undefined) continue;
    const name = givenName(wish);
    if (ledger.take(name, wish.origin, wishText(wish))) listed.set(wish.origin, name);
  }
  for (const wish of fresh) {
    if (!listed.has(wish.origin)) listed.set(wish.origin, takeFirstFree(ledger, wish));
  }
  const conflicts = findConflicts(wishes, listed, ledger);
  const { claims: after, changed } = ledger.finish();
  return { listed, former: formerNames(after, listed), conflicts, claims: after, changed };
}

/** What a claim remembers of the wish; the server's name is no part of it, so a rename keeps names. */
function wishText(wish: NameWish): string {
  const form = wish.plain ? 'plain' : 'prefixed';
  return wish.override === undefined ? form : `${form}:${wish.override}`;
}

function takeFirstFree(ledger: ClaimLedger, wish: NameWish): string {
  for (const name of candidates(wish)) {
    if (ledger.take(name, wish.origin, wishText(wish))) return name;
  }
  throw new Error('candidates never end');
}

/** Possible names of a wish, best first; without end. */
function* candidates(wish: NameWish): Generator<string> {
  const server = legalName(wish.server);
  const part = legalName(wish.override ?? wish.name);
  const hash = (n: number) =>
    shortHash(`${canonicalName(wish.server, wish.name)}\n${n}`, hashLength);
  if (wish.plain) {
    yield part.length <= maxNameLength ? part : `${part.slice(0, room)}_${hash(0)}`;
  }
  const full = `${server}_${part}`;
  if (full.length <= maxNameLength) yield full;
  for (let n = 0; ; n++) yield `${shortened(server, part)}_${hash(n)}`;
}

function shortened(server: string, part: string): string {
  const forServer = Math.max(serverRoom, room - 1 - part.length);
  return `${server.slice(0, forServer)}_${part}`.slice(0, room);
}

/** The name that a wish with an override is meant to get. */
function givenName(wish: NameWish): string {
  for (const name of candidates(wish)) return name;
  throw new Error('candidates never end');
}

function findConflicts(
  wishes: readonly NameWish[],
  listed: ReadonlyMap<string, string>,
  ledger: ClaimLedger,
): NameConflict[] {
  return wishes.flatMap((wish) => {
    if (wish.override === undefined) return [];
    const wanted = givenName(wish);
    const holder = ledger.holder(wanted);
    if (listed.get(wish.origin) === wanted || holder === undefined || holder === wish.origin) {
      return [];
    }
    return [{ origin: wish.origin, wanted, holder, freeFrom: freeFrom(ledger.freedAt(wanted)) }];
  });
}

function freeFrom(freedAt: string | undefined): string | undefined {
  if (freedAt === undefined) return undefined;
  return new Date(Date.parse(freedAt) + reservationMs).toISOString();
}

function formerNames(claims: readonly NameClaim[], listed: ReadonlyMap<string, string>) {
  const former = new Map<string, string>();
  for (const claim of claims) {
    if (claim.freed_at !== null && listed.has(claim.origin)) former.set(claim.listed, claim.origin);
  }
  return former;
}
