import { changeSelection, type PartKind } from '../contract/parts.ts';
import type { Vmcp, VmcpServer, VmcpServerInput } from '../contract/vmcps.ts';
import type { RestClient } from '../serverLink/restClient.ts';

/** Ticks and unticks in one server's part of a vMCP. */
export interface TickChange {
  vmcpId: string;
  serverId: string;
  kind: PartKind;
  /** Everything of that kind that the server offers. */
  offered: readonly string[];
  /** key → on */
  ticks: ReadonlyMap<string, boolean>;
}

/**
 * Edits the servers of vMCPs. A vMCP's servers are written as a whole, so each edit reads them anew and
 * waits for the one before: quick clicks do not undo each other.
 */
export class VmcpEdits {
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(private readonly client: () => RestClient) {}

  /** @returns the vMCP after the edit @throws RestError */
  edit(
    vmcpId: string,
    change: (servers: readonly VmcpServer[]) => readonly VmcpServerInput[],
  ): Promise<Vmcp> {
    return this.#after(vmcpId, async (client) => {
      const { mcp_servers } = await client.vmcp(vmcpId);
      return client.updateVmcp(vmcpId, { mcp_servers: [...change(mcp_servers)] });
    });
  }

  #after(vmcpId: string, edit: (client: RestClient) => Promise<Vmcp>): Promise<Vmcp> {
    const before = this.#tails.get(vmcpId) ?? Promise.resolve();
    const edited = before.then(() => edit(this.client()));
    const tail = edited.catch(() => undefined);
    this.#tails.set(vmcpId, tail);
    void tail.then(() => {
      if (this.#tails.get(vmcpId) === tail) this.#tails.delete(vmcpId);
    });
    return edited;
  }

  /** Offers a tool of a vMCP's own, or no longer does. */
  enableTool(vmcpId: string, name: string, enabled: boolean): Promise<Vmcp> {
    return this.#after(vmcpId, async (client) => {
      const { custom_tools } = await client.vmcp(vmcpId);
      const changed = custom_tools.map((tool) =>
        tool.name === name ? { ...tool, enabled } : tool,
      );
      return client.updateVmcp(vmcpId, { custom_tools: changed });
    });
  }

  tick({ vmcpId, serverId, kind, offered, ticks }: TickChange): Promise<Vmcp> {
    return this.edit(vmcpId, (servers) =>
      servers.map((server) =>
        server.server_id === serverId
          ? { ...server, [kind]: changeSelection(server[kind], offered, ticks) }
          : server,
      ),
    );
  }
}
