import { type Part, partsOf } from '../../src/contract/parts.ts';
import type { ToolFinding } from '../../src/contract/toolChanges.ts';
import type { OperationReply } from '../../src/contract/webview/operations.ts';
import { asFailure } from '../shared/requestFailure.ts';
import type { Rest } from '../shared/rest.ts';

/** A tool, prompt or resource of a server, with what a row of it shows. */
export interface CatalogPart extends Part {
  /** About how much of a model's context it takes; of tools only. */
  tokens?: number;
  /** What in its texts people should look at. */
  findings?: readonly ToolFinding[];
  /** As the server describes it. */
  source: Readonly<Record<string, unknown>>;
}

/** What is known of one server's offer. */
export type Offered =
  | { state: 'loading' }
  /** It was never connected. */
  | { state: 'unseen' }
  | { state: 'failed'; message: string }
  | { state: 'known'; parts: readonly CatalogPart[] };

/** What the servers of a vMCP offer, read once each and again when it changed. */
export class Catalogs {
  readonly #offers = new Map<string, Offered>();

  constructor(
    private readonly rest: Rest,
    private readonly changed: () => void,
  ) {}

  offered(serverId: string): Offered {
    return this.#offers.get(serverId) ?? { state: 'loading' };
  }

  /** Begins to read what is not known yet. */
  want(serverIds: readonly string[]): void {
    for (const id of serverIds) {
      const { state } = this.#offers.get(id) ?? { state: 'failed' };
      if (state === 'failed') void this.#read(id);
    }
  }

  /** Reads one again; meanwhile what was known stays. */
  refresh(serverId: string): void {
    if (this.#offers.has(serverId)) void this.#read(serverId);
  }

  /** Connects a server that was never seen. @throws RequestFailure */
  async connect(serverId: string): Promise<void> {
    this.#set(serverId, { state: 'loading' });
    try {
      await this.rest.call('connectServer', { params: { server_id: serverId } });
      await this.#read(serverId);
    } catch (error) {
      this.#set(serverId, { state: 'failed', message: asFailure(error).message });
    }
  }

  async #read(serverId: string): Promise<void> {
    if (!this.#offers.has(serverId)) this.#offers.set(serverId, { state: 'loading' });
    try {
      const catalog = await this.rest.call('getCatalog', { params: { server_id: serverId } });
      this.#set(serverId, { state: 'known', parts: catalogParts(catalog) });
    } catch (error) {
      const { status, message } = asFailure(error);
      this.#set(serverId, status === 404 ? { state: 'unseen' } : { state: 'failed', message });
    }
  }

  #set(serverId: string, offered: Offered): void {
    this.#offers.set(serverId, offered);
    this.changed();
  }
}

function catalogParts(catalog: OperationReply<'getCatalog'>): CatalogPart[] {
  const tools = new Map(
    catalog.tools.map((source, index) => [source.name, { source, index }] as const),
  );
  return partsOf(catalog).map((part) => {
    const tool = part.kind === 'tools' ? tools.get(part.key) : undefined;
    if (!tool) return { ...part, source: {} };
    const tokens = catalog.tool_tokens[tool.index];
    const findings = catalog.findings.filter(({ tool: name }) => name === part.key);
    return { ...part, source: tool.source, findings, ...(tokens !== undefined && { tokens }) };
  });
}
