import * as vscode from 'vscode';
import type { Inventory } from './inventory.ts';
import type { ServerProcess } from './serverProcess.ts';

/** An output channel for each MCP server whose standard error somebody wants to see. */
export class ServerOutputs {
  readonly #channels = new Map<string, vscode.OutputChannel>();
  readonly #subscription: { dispose(): void };

  constructor(
    private readonly process: ServerProcess,
    private readonly inventory: Inventory,
  ) {
    this.#subscription = process.onEvent((event) => {
      if (event.type === 'server.output') {
        this.#channels.get(event.server_id)?.append(`${event.lines.join('\n')}\n`);
      } else if (event.type === 'server.removed') {
        this.#channels.get(event.server_id)?.dispose();
        this.#channels.delete(event.server_id);
      }
    });
  }

  /** Opens a server's channel, with the lines that the server kept from before. */
  async show(serverId: string): Promise<void> {
    const known = this.#channels.get(serverId);
    if (known) return known.show(true);
    const lines = await this.process.client.output(serverId);
    // Asked twice at once: the first one made the channel.
    const name = this.inventory.server(serverId)?.name ?? serverId;
    const channel =
      this.#channels.get(serverId) ?? vscode.window.createOutputChannel(`vMCP: ${name}`);
    if (!this.#channels.has(serverId)) {
      this.#channels.set(serverId, channel);
      channel.append(lines.length > 0 ? `${lines.join('\n')}\n` : '');
    }
    channel.show(true);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const channel of this.#channels.values()) channel.dispose();
  }
}
