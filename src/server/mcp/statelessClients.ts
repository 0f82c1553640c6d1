import type { IncomingMessage } from 'node:http';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import type { McpAddress } from '../http/mcpEndpoint.ts';
import { ClientSession } from './clientSession.ts';
import { assumedVersion } from './protocolVersions.ts';
import { sessionRecord } from './sessionRegistry.ts';

const maxKnown = 500;

/**
 * Clients that send requests without a session: they are told apart by what the headers say, which is
 * all that such a request is served from.
 */
export class StatelessClients {
  readonly #known = new Map<string, ClientSession>();

  constructor(private readonly editor: EditorAnswers) {}

  /** All that were seen lately. */
  all(): Iterable<ClientSession> {
    return this.#known.values();
  }

  of(request: IncomingMessage, { vmcp, tokenId }: McpAddress): ClientSession {
    const version = request.headers['mcp-protocol-version'];
    const protocolVersion = typeof version === 'string' ? version : assumedVersion;
    const product = productOf(request.headers['user-agent']);
    const key = `${vmcp}\n${tokenId}\n${protocolVersion}\n${product}`;
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= maxKnown) this.#forgetIdle();
    const about = { vmcpId: vmcp, tokenId, protocolVersion, capabilities: {} };
    const record = sessionRecord({ ...about, clientInfo: { name: product } }, '');
    const client = new ClientSession(record, this.editor, true);
    this.#known.set(key, client);
    return client;
  }

  #forgetIdle(): void {
    for (const [key, client] of this.#known) if (client.isIdle) this.#known.delete(key);
  }
}

/** `curl` of `curl/8.1`. */
function productOf(userAgent: string | undefined): string {
  return /^[^/ ]{1,100}/.exec(userAgent ?? '')?.[0] ?? 'unknown';
}
