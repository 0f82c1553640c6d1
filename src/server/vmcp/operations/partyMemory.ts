import type { JsonObject } from '../../../contract/json.ts';
import { isJsonObject } from '../../../contract/json.ts';
import type { Party } from '../../upstream/caller.ts';

const maxMentions = 2000;
/** Tasks, or elicitations, of one client: of more, the oldest are forgotten. */
const maxIds = 2000;

/** Ids that servers give out (tasks, elicitations), made unique for one client and traced back. */
class IdBook {
  readonly #byClientId = new Map<string, { serverId: string; id: string }>();
  readonly #byOrigin = new Map<string, string>();

  /** The id the client sees: the server's own, unless another server uses the same. */
  toClient(serverId: string, id: string): string {
    const origin = `${serverId}\n${id}`;
    const known = this.#byOrigin.get(origin);
    if (known !== undefined) return known;
    let clientId = id;
    for (let n = 2; this.#byClientId.has(clientId); n += 1) clientId = `${id}-${n}`;
    this.#byOrigin.set(origin, clientId);
    this.#byClientId.set(clientId, { serverId, id });
    if (this.#byClientId.size > maxIds) this.#forgetOldest();
    return clientId;
  }

  known(serverId: string, id: string): string | undefined {
    return this.#byOrigin.get(`${serverId}\n${id}`);
  }

  origin(clientId: string): { serverId: string; id: string } | undefined {
    return this.#byClientId.get(clientId);
  }

  /** The client's ids of one server's items. */
  servers(): string[] {
    return [...new Set([...this.#byClientId.values()].map(({ serverId }) => serverId))];
  }

  #forgetOldest(): void {
    for (const [clientId, { serverId, id }] of this.#byClientId) {
      this.#byClientId.delete(clientId);
      this.#byOrigin.delete(`${serverId}\n${id}`);
      return;
    }
  }
}

/** What has to be remembered between the requests of one client, and goes with it. */
export class PartyMemory {
  readonly tasks = new IdBook();
  readonly elicitations = new IdBook();
  readonly #mentions = new Map<string, string>();

  /** The server that last mentioned a URI to this client. */
  mentionedBy(uri: string): string | undefined {
    return this.#mentions.get(uri);
  }

  /** Notes the URIs of links and embedded resources in a tool's result. */
  noteMentions(serverId: string, result: JsonObject): void {
    if (!Array.isArray(result.content)) return;
    for (const block of result.content) {
      if (!isJsonObject(block)) continue;
      if (block.type === 'resource_link') this.#note(serverId, block.uri);
      else if (isJsonObject(block.resource)) this.#note(serverId, block.resource.uri);
    }
  }

  #note(serverId: string, uri: unknown): void {
    if (typeof uri !== 'string') return;
    this.#mentions.delete(uri); // so that the newest stands last
    this.#mentions.set(uri, serverId);
    if (this.#mentions.size <= maxMentions) return;
    for (const oldest of this.#mentions.keys()) {
      this.#mentions.delete(oldest);
      break;
    }
  }
}

/** The memories of all clients; each ends with its client. */
export class PartyMemories {
  readonly #memories = new WeakMap<object, PartyMemory>();

  of(party: Party): PartyMemory {
    const owner = party.memoryOwner ?? party;
    const known = this.#memories.get(owner);
    if (known) return known;
    const memory = new PartyMemory();
    this.#memories.set(owner, memory);
    return memory;
  }
}
