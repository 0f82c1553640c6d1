import type { Part } from '../../contract/parts.ts';
import type { McpServer } from '../../contract/servers.ts';
import type { Vmcp, VmcpServer } from '../../contract/vmcps.ts';
import type { Offer } from '../inventory.ts';

/** What stands behind the items of both trees; commands of their menus get them as argument. */
export type VmcpNode = { type: 'vmcp'; vmcp: Vmcp };
export type VmcpServerNode = {
  type: 'vmcpServer';
  vmcp: Vmcp;
  part: VmcpServer;
  server: McpServer | undefined;
  offer: Offer | undefined;
};
export type VmcpPartNode = { type: 'vmcpPart'; vmcp: Vmcp; vmcpServer: VmcpServer; part: Part };
export type ServerNode = { type: 'server'; server: McpServer };
export type ServerPartNode = { type: 'serverPart'; serverId: string; part: Part };

export type Node = VmcpNode | VmcpServerNode | VmcpPartNode | ServerNode | ServerPartNode;
