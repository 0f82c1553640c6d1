import { lookup as systemLookup } from 'node:dns';
import { type Agent, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { blockedHost, guardedLookup } from '../../network/guardedLookup.ts';
import { RequestError } from './requestError.ts';

/** Shorter than servers keep idle sockets, so that a request rarely meets one that is just closing. */
const idleSocketMs = 4000;
const maxIdleSockets = 16;

interface AgentPair {
  http: Agent;
  https: Agent;
}

/**
 * Kept-alive sockets of all HTTP tools. Blocked addresses are refused when a socket is opened, by the
 * address that is really connected to: a name that resolves differently the second time does not help.
 */
export class HttpAgents {
  readonly #guarded: AgentPair;
  /** Apart, so that no other tool gets a socket that was allowed to one. */
  readonly #open: AgentPair;

  /** @param resolve finds the addresses of a name: the system's way unless told otherwise */
  constructor(resolve: LookupFunction = systemLookup) {
    this.#guarded = agentPair(guardedLookup(resolve, blocked));
    this.#open = agentPair(resolve);
  }

  /** @throws RequestError for a blocked address in the URL itself, however it is spelled */
  agentFor(url: URL, allowLinkLocal: boolean): Agent {
    const pair = allowLinkLocal ? this.#open : this.#guarded;
    const host = allowLinkLocal ? undefined : blockedHost(url);
    if (host !== undefined) throw blocked(host);
    return url.protocol === 'https:' ? pair.https : pair.http;
  }

  /** Closes all sockets; requests under way fail. */
  close(): void {
    for (const { http, https } of [this.#guarded, this.#open]) {
      http.destroy();
      https.destroy();
    }
  }
}

function agentPair(lookup: LookupFunction): AgentPair {
  const options = {
    ...{ keepAlive: true, timeout: idleSocketMs, maxFreeSockets: maxIdleSockets },
    lookup,
  };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

function blocked(host: string): RequestError {
  return new RequestError(
    `"${host}" is a link-local or metadata address; the tool may reach it only with allow_link_local`,
  );
}
