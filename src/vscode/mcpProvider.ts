import * as vscode from 'vscode';
import { mcpProviderId } from './ids.ts';
import type { Inventory } from './inventory.ts';
import { McpDefinitions } from './mcpDefinitions.ts';
import type { ServerProcess } from './serverProcess.ts';

/** Registers every vMCP with VS Code as an MCP server. */
export class McpProvider
  implements vscode.McpServerDefinitionProvider<vscode.McpHttpServerDefinition>
{
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeMcpServerDefinitions = this.#changed.event;
  readonly #definitions = new McpDefinitions();
  readonly #subscription: { dispose(): void };
  #registration: vscode.Disposable | undefined;
  #updating = Promise.resolve();
  #disposed = false;

  constructor(
    private readonly process: ServerProcess,
    private readonly inventory: Inventory,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const update = () => {
      this.#updating = this.#updating.then(() => this.#update());
    };
    const following = inventory.onDidChange(update);
    const trusted = vscode.workspace.onDidGrantWorkspaceTrust(update);
    const withdrawn = process.onEvent(({ type }) => {
      // It may have been the one in the address of a definition.
      if (type === 'client_token.withdrawn') update();
    });
    this.#subscription = vscode.Disposable.from(following, trusted, withdrawn);
  }

  /** VS Code keeps what is returned here, addresses included, and may use it without resolving. */
  provideMcpServerDefinitions(): vscode.McpHttpServerDefinition[] {
    return this.#definitions.current.map(
      ({ label, url, version }) =>
        new vscode.McpHttpServerDefinition(label, vscode.Uri.parse(url), {}, version),
    );
  }

  dispose(): void {
    this.#disposed = true;
    this.#subscription.dispose();
    this.#registration?.dispose();
    this.#changed.dispose();
  }

  async #update(): Promise<void> {
    if (this.#disposed || this.process.state.status !== 'connected') return;
    const { client } = this.process.state;
    try {
      const changed = await this.#definitions.update(
        // What is started for a folder is its author's: not before the user trusts that.
        vscode.workspace.isTrusted ? this.inventory.vmcps : [],
        async (id) => (await client.endpoint(id)).url,
      );
      if (this.#disposed) return;
      if (!this.#registration) this.#register();
      else if (changed) this.#changed.fire();
    } catch (error) {
      // The vMCP was removed meanwhile, or the server died: either is followed by another update.
      this.log.warn(`VS Code is not told of the vMCPs: ${String(error)}`);
    }
  }

  /** Only now, since VS Code asks for the definitions at once and has to find the server running. */
  #register(): void {
    // Older editors made from VS Code lack this; the rest works there, too.
    if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== 'function') {
      this.#registration = { dispose: () => undefined };
      this.log.info('This editor cannot register MCP servers; copy the address of a vMCP instead.');
      return;
    }
    this.#registration = vscode.lm.registerMcpServerDefinitionProvider(mcpProviderId, this);
  }
}
