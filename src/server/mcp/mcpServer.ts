import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import type { EventBus } from '../events.ts';
import type { McpAddress, McpEndpoint } from '../http/mcpEndpoint.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import type { Operations } from '../vmcp/operations/operations.ts';
import type { PartyMemories } from '../vmcp/operations/partyMemory.ts';
import { Dispatcher } from './dispatcher.ts';
import { LegacySse } from './legacySse.ts';
import { ModernEdge } from './modern/modernEdge.ts';
import { Notices } from './notices.ts';
import { SessionRegistry } from './sessionRegistry.ts';
import { StreamableHttp } from './streamableHttp.ts';

const drainPollMs = 20;
/** Calls that may wait for answers of clients without sessions, and for how long each. */
const parking = { limit: 256, lifeMs: 10 * 60_000 };

export interface McpServerDependencies {
  store: Store;
  vmcps: Vmcps;
  upstreams: Upstreams;
  operations: Operations;
  memories: PartyMemories;
  events: EventBus;
  editor: EditorAnswers;
  log: Log;
  version: string;
}

/** The MCP endpoint of all vMCPs: sessions, transports, and what is told outside of requests. */
export class McpServer implements McpEndpoint {
  readonly #sessions: SessionRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #notices: Notices;
  readonly #modern: ModernEdge;
  readonly #streamable: StreamableHttp;
  readonly #legacy: LegacySse;

  constructor(dependencies: McpServerDependencies) {
    const { store, upstreams, editor, log } = dependencies;
    this.#sessions = new SessionRegistry(store, upstreams, editor, log, (session) =>
      dispatcher.renew(session),
    );
    const dispatcher = new Dispatcher({ ...dependencies, sessions: this.#sessions });
    this.#dispatcher = dispatcher;
    this.#notices = new Notices({ ...dependencies, sessions: this.#sessions });
    this.#modern = new ModernEdge({ ...dependencies, parking });
    this.#streamable = new StreamableHttp({
      ...dependencies,
      sessions: this.#sessions,
      dispatcher,
      modern: this.#modern,
    });
    this.#legacy = new LegacySse({ ...dependencies, sessions: this.#sessions, dispatcher });
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): Promise<void> {
    if (address.rest === 'sse') this.#legacy.open(request, response, address);
    else if (address.rest === 'message') await this.#legacy.message(request, response, address);
    else await this.#streamable.handle(request, response, address);
  }

  /** Sessions that clients use, or may come back to. */
  get sessionCount(): number {
    return this.#sessions.count;
  }

  /** Calls of clients that are not answered yet. */
  get callsInFlight(): number {
    return this.#dispatcher.openRequests + this.#modern.openRequests;
  }

  /**
   * Gives calls in flight `graceMs`, then ends them with an error that holds `reason`, and all
   * streams; sessions stay stored for the next process.
   */
  async close(reason: string, graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs;
    while (this.callsInFlight > 0 && performance.now() < deadline) await delay(drainPollMs);
    this.#notices.close();
    this.#dispatcher.abortAll(reason);
    this.#modern.abortAll(reason);
    await nextTurn(); // the error answers are written before their streams end
    this.#sessions.close(reason);
    this.#streamable.close();
    this.#modern.close();
  }
}
