import { isDeepStrictEqual } from 'node:util';
import type { McpServer } from '../contract/servers.ts';
import type { Vmcp } from '../contract/vmcps.ts';

/** What differs from before; whoever shows the rest need not look again. */
export interface InventoryChange {
  /** Ids of those that are there and differ. */
  vmcps: ReadonlySet<string>;
  servers: ReadonlySet<string>;
  /** Whether any came or went. */
  vmcpList: boolean;
  serverList: boolean;
}

interface Lists {
  vmcps: readonly Vmcp[];
  servers: readonly McpServer[];
}

/** What is other in the lists than it was. */
export function changeOf(before: Lists, after: Lists): InventoryChange {
  return {
    vmcps: differing(before.vmcps, after.vmcps, vmcpId),
    servers: differing(before.servers, after.servers, serverId),
    vmcpList: !sameIds(before.vmcps, after.vmcps, vmcpId),
    serverList: !sameIds(before.servers, after.servers, serverId),
  };
}

function vmcpId({ vmcp_id }: Vmcp): string {
  return vmcp_id;
}

function serverId({ server_id }: McpServer): string {
  return server_id;
}

function differing<T>(
  before: readonly T[],
  after: readonly T[],
  idOf: (item: T) => string,
): Set<string> {
  const known = new Map(before.map((item) => [idOf(item), item]));
  const changed = after.filter((item) => {
    const old = known.get(idOf(item));
    return old !== undefined && old !== item && !isDeepStrictEqual(old, item);
  });
  return new Set(changed.map(idOf));
}

function sameIds<T>(before: readonly T[], after: readonly T[], idOf: (item: T) => string): boolean {
  return (
    before.length === after.length &&
    after.every((item, index) => before[index] !== undefined && idOf(before[index]) === idOf(item))
  );
}
