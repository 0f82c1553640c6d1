import { isJsonObject } from '../../contract/json.ts';
import { abortSignalOf, type CancelSignal } from '../cancellation.ts';
import type { Party, Root } from './caller.ts';
import type { ConnectionSlot } from './connectionSlot.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { waitFor } from './waitFor.ts';

const sharedKey = 'shared';
const rootsLimitMs = 30_000;
/** Parties that were not heard of for so long have gone without a word. */
const forgetMs = 3_600_000;
/** Connections to one server that each serve one call at a time. */
const maxLeases = 8;
const extraIdleMs = 5 * 60_000;
const idleMs = 30 * 60_000;

interface Assignment {
  party: Party;
  slot: ConnectionSlot;
  /** False when the party's roots, or what is known of the server, changed since. */
  isCurrent: boolean;
  lastUsed: number;
}

/** What the directory has to know of its server. */
export interface DirectoryHost {
  /** Whether the server sees roots, so that parties with different ones must not share a connection. */
  readonly isRooted: boolean;
  /** Whether roots are part of the configuration, so that other roots mean another connection. */
  readonly rootsAreConfigured: boolean;
  /** Whether calls that can be asked something must not share a connection while they last. */
  readonly leasesSlots: boolean;
  tooManyLeases(count: number): Error;
  /** It was taken out, and has to be ended. */
  slotDropped(slot: ConnectionSlot): void;
  createSlot(key: string, roots: readonly Root[] | undefined): ConnectionSlot;
}

/** Which party uses which connection of one server: one for all, or one for each set of roots. */
export class SlotDirectory {
  readonly #slots = new Map<string, ConnectionSlot>();
  readonly #assignments = new Map<string, Assignment>();
  #claims = 0;

  constructor(
    private readonly host: DirectoryHost,
    private readonly context: UpstreamContext,
  ) {}

  slots(): Iterable<ConnectionSlot> {
    return this.#slots.values();
  }

  /** The party's slot, where that is still the right one. */
  current(party: Party): ConnectionSlot | undefined {
    const assignment = this.#assignments.get(party.id);
    if (assignment?.isCurrent !== true) return undefined;
    assignment.lastUsed = performance.now();
    assignment.slot.lastUsed = assignment.lastUsed;
    return assignment.slot;
  }

  /** The slot for the party, asking for its roots where they matter. @throws what `party.roots` throws */
  async assign(party: Party, signal: CancelSignal): Promise<ConnectionSlot> {
    if (party.oneCall && this.host.leasesSlots) return this.#leased(party, signal);
    if (!this.host.isRooted) return this.#put(party, this.#slot(sharedKey, undefined));
    // Single calls come often, and most of their clients have no roots: no timer for them.
    const isBare = party.oneCall !== undefined && !isJsonObject(party.capabilities.roots);
    const roots = isBare ? [] : await this.rootsOf(party, signal);
    return this.#put(party, this.#rooted(party, roots));
  }

  async rootsOf(party: Party, signal: CancelSignal): Promise<readonly Root[]> {
    const limited = AbortSignal.any([abortSignalOf(signal), AbortSignal.timeout(rootsLimitMs)]);
    const roots = await waitFor(party.roots(limited), limited);
    if (roots.length > 0) this.context.lastRoots = roots;
    return roots;
  }

  /** A slot to read the lists with: the one in use, else one with the folders that are open. */
  any(): ConnectionSlot {
    let best: ConnectionSlot | undefined;
    for (const slot of this.#slots.values()) {
      if (best === undefined || rank(slot) > rank(best)) best = slot;
    }
    if (best !== undefined && rank(best) > 0) return best;
    if (!this.host.isRooted) return this.#slot(sharedKey, undefined);
    const { windowFolders, lastRoots } = this.context;
    const roots = windowFolders.length > 0 ? windowFolders : lastRoots;
    return this.#slot(rootsKey(roots), roots);
  }

  /** The party's call turned out to be asked something over `slot`, which is its own from now on. */
  lease(slot: ConnectionSlot, party: Party): void {
    if (slot.isLeased || party.oneCall === undefined) return;
    this.#rekey(slot, `lease ${++this.#claims}`);
    slot.isLeased = true;
    this.#leaveTo(slot, party);
  }

  /**
   * The server turned out to ask for roots: from now on only `party`, whose roots it gets, may use this
   * slot, and nobody where there is none.
   */
  claim(slot: ConnectionSlot, party: Party | undefined): void {
    if (slot.isLeased) return;
    this.#rekey(slot, `claim ${++this.#claims}`);
    this.#leaveTo(slot, party);
  }

  /** The roots that a slot's server got. */
  settle(slot: ConnectionSlot, roots: readonly Root[]): void {
    slot.roots = roots;
    if (slot.isLeased) return;
    const key = rootsKey(roots);
    // Where another slot has these roots, this one stays for its party alone.
    if (!this.#slots.has(key)) this.#rekey(slot, key);
  }

  /** @returns whether the party has to be assigned again */
  rootsChanged(party: Party): boolean {
    const assignment = this.#assignments.get(party.id);
    if (assignment === undefined || assignment.slot.roots === undefined) return false;
    assignment.isCurrent = false;
    return true;
  }

  release(partyId: string): void {
    const assignment = this.#assignments.get(partyId);
    this.#assignments.delete(partyId);
    assignment?.slot.releaseParty(partyId);
    if (assignment?.slot.isLeased) this.#leaseEnded(assignment.slot, assignment.party);
  }

  /** Takes all slots out, since the server's configuration changed; parties get new ones. */
  clear(): { slots: ConnectionSlot[]; subscribers: Party[] } {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    const subscribers: Party[] = [];
    for (const [partyId, assignment] of this.#assignments) {
      assignment.isCurrent = false;
      if (assignment.slot.subscriptions.hasParty(partyId)) subscribers.push(assignment.party);
    }
    return { slots, subscribers };
  }

  /** Forgets silent parties and returns slots that nobody has used for long. */
  sweep(now: number): ConnectionSlot[] {
    for (const [partyId, { lastUsed, slot }] of [...this.#assignments]) {
      const isSilent = now - lastUsed > forgetMs && !slot.isBusy;
      if (isSilent && !slot.subscriptions.hasParty(partyId)) this.release(partyId);
    }
    return [...this.#slots.values()].filter((slot) => {
      if (slot.parties.size > 0 || slot.isConnecting) return false;
      const idle = now - slot.lastUsed;
      const isExtra = slot.roots !== undefined || slot.isLeased;
      if (slot.live === undefined && isExtra && idle > extraIdleMs) {
        this.#slots.delete(slot.key);
      }
      return !slot.isBusy && idle > this.#limit(slot);
    });
  }

  #limit(slot: ConnectionSlot): number {
    const isExtra = slot.roots !== undefined || slot.isLeased;
    return isExtra && this.#slots.size > 1 ? extraIdleMs : idleMs;
  }

  /** A connection for this call alone: a free one, else a new one, else that of who waits longest. */
  async #leased(party: Party, signal: CancelSignal): Promise<ConnectionSlot> {
    const roots = this.host.rootsAreConfigured ? await this.rootsOf(party, signal) : undefined;
    const leased = [...this.#slots.values()].filter(({ isLeased }) => isLeased);
    const free = leased.find((slot) => slot.parties.size === 0 && fits(slot, party, roots));
    if (free) return this.#put(party, free);
    if (leased.length >= maxLeases) this.#makeRoom(leased);
    const slot = this.#slot(`lease ${++this.#claims}`, roots);
    slot.isLeased = true;
    return this.#put(party, slot);
  }

  /** @throws UpstreamError where all of them are at work */
  #makeRoom(leased: readonly ConnectionSlot[]): void {
    const idle = leased.find(({ parties }) => parties.size === 0);
    if (idle) {
      this.#drop(idle);
      return;
    }
    let longest: Assignment | undefined;
    for (const assignment of this.#assignments.values()) {
      const since = assignment.slot.isLeased ? assignment.party.oneCall?.waitingSince : undefined;
      if (since === undefined) continue;
      if (since < (longest?.party.oneCall?.waitingSince ?? Number.POSITIVE_INFINITY)) {
        longest = assignment;
      }
    }
    if (longest === undefined) throw this.host.tooManyLeases(leased.length);
    longest.party.oneCall?.giveUp('its client took too long, and others need the place');
    this.#drop(longest.slot);
  }

  /** Where a call was given up, questions of it may still come, which are nobody else's. */
  #leaseEnded(slot: ConnectionSlot, { oneCall }: Party): void {
    if (oneCall?.isGivenUp || (slot.roots?.length ?? 0) > 0) this.#drop(slot);
  }

  #drop(slot: ConnectionSlot): void {
    if (this.#slots.get(slot.key) === slot) this.#slots.delete(slot.key);
    this.host.slotDropped(slot);
  }

  /** From now on only `party` may use the slot, and nobody where there is none. */
  #leaveTo(slot: ConnectionSlot, party: Party | undefined): void {
    for (const [partyId, assignment] of this.#assignments) {
      if (assignment.slot === slot && partyId !== party?.id) assignment.isCurrent = false;
    }
  }

  #rooted(party: Party, roots: readonly Root[]): ConnectionSlot {
    const key = rootsKey(roots);
    const previous = this.#assignments.get(party.id)?.slot;
    const mayMove =
      previous?.live !== undefined &&
      previous.roots !== undefined &&
      this.#slots.get(previous.key) === previous &&
      !this.host.rootsAreConfigured &&
      previous.parties.size === 1;
    if (this.#slots.has(key) || !mayMove) return this.#slot(key, roots);
    this.#rekey(previous, key);
    previous.roots = roots;
    previous.live?.connection.notify({
      jsonrpc: '2.0',
      method: 'notifications/roots/list_changed',
    });
    return previous;
  }

  #slot(key: string, roots: readonly Root[] | undefined): ConnectionSlot {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.host.createSlot(key, roots);
      this.#slots.set(key, slot);
    }
    return slot;
  }

  #rekey(slot: ConnectionSlot, key: string): void {
    if (this.#slots.get(slot.key) === slot) this.#slots.delete(slot.key);
    slot.key = key;
    this.#slots.set(key, slot);
  }

  #put(party: Party, slot: ConnectionSlot): ConnectionSlot {
    const previous = this.#assignments.get(party.id)?.slot;
    const now = performance.now();
    this.#assignments.set(party.id, { party, slot, isCurrent: true, lastUsed: now });
    slot.parties.add(party.id);
    slot.lastUsed = now;
    if (previous !== undefined && previous !== slot) moveParty(party.id, previous, slot);
    return slot;
  }
}

/** Its subscriptions move along. */
function moveParty(partyId: string, from: ConnectionSlot, to: ConnectionSlot): void {
  from.parties.delete(partyId);
  const { uris, abandoned } = from.subscriptions.removeParty(partyId);
  from.unsubscribed(abandoned);
  to.subscribed(uris.filter((uri) => to.subscriptions.add(uri, partyId)));
}

/** Whether the server behind a leased slot knows of no roots but those it would get from the party. */
function fits(
  slot: ConnectionSlot,
  { capabilities }: Party,
  roots: readonly Root[] | undefined,
): boolean {
  if (roots !== undefined) {
    return slot.roots !== undefined && rootsKey(slot.roots) === rootsKey(roots);
  }
  return slot.roots === undefined || (slot.roots.length === 0 && !isJsonObject(capabilities.roots));
}

function rank(slot: ConnectionSlot): number {
  if (slot.live !== undefined) return 3;
  if (slot.isConnecting) return 2;
  return slot.parties.size > 0 ? 1 : 0;
}

/** Roots in the order the client gave them, since the first is special. */
function rootsKey(roots: readonly Root[]): string {
  return `roots ${JSON.stringify(roots.map(({ uri }) => uri))}`;
}
