import type { JsonObject } from '../../contract/json.ts';
import type { Node } from '../views/nodes.ts';
import type { CommandContext } from './commandContext.ts';

const items = { tools: 'tool', prompts: 'prompt', resources: 'resource' } as const;

/** What the inspector shows of a node of the trees; undefined for what is not tried there. */
export async function inspectorTarget(
  { inventory, process }: CommandContext,
  node: unknown,
): Promise<JsonObject | undefined> {
  const candidate = node as Node | undefined;
  switch (candidate?.type) {
    case 'serverPart': {
      const { serverId: id, kind, key: name } = candidate;
      await inventory.offer(id); // so that the page shows it at once
      return { of: 'server', id, item: items[kind], name };
    }
    case 'vmcpPart': {
      const { vmcpId: id, serverId, kind, key } = candidate;
      const { mcp_servers } = await process.client.vmcp(id);
      const server = mcp_servers.find(({ server_id }) => server_id === serverId);
      // The canonical form keeps the server's own name, whatever the vMCP calls it.
      const name = kind === 'resources' ? key : `${server?.name}.${key}`;
      return { of: 'vmcp', id, item: items[kind], name };
    }
    default:
      return undefined;
  }
}
