import type { Vmcp } from '../contract/vmcps.ts';

/** What VS Code is told of one vMCP. */
export interface McpDefinition {
  vmcpId: string;
  label: string;
  url: string;
  version: string;
}

/**
 * The definitions that VS Code gets. A definition that changes stops a server that VS Code has
 * connected, so a vMCP's version stays what it was when it was first told in this window: edits reach
 * running sessions as `list_changed`, and the next window tells the new version.
 */
export class McpDefinitions {
  readonly #versions = new Map<string, string>();
  #last: readonly McpDefinition[] = [];

  get current(): readonly McpDefinition[] {
    return this.#last;
  }

  /** @returns whether anything differs from what was told before */
  async update(
    vmcps: readonly Vmcp[],
    urlOf: (vmcpId: string) => Promise<string>,
  ): Promise<boolean> {
    const next = await Promise.all(
      vmcps.map(async ({ vmcp_id, name, revision }) => {
        const version = this.#versions.get(vmcp_id) ?? revision;
        this.#versions.set(vmcp_id, version);
        const url = await urlOf(vmcp_id);
        // A label like `github` would be switched off where mcp.json has a server of that name.
        return { vmcpId: vmcp_id, label: `vMCP: ${name}`, url, version };
      }),
    );
    const changed = JSON.stringify(next) !== JSON.stringify(this.#last);
    this.#last = next;
    return changed;
  }
}
