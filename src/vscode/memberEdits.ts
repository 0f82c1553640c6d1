import type { VmcpServer, VmcpServerInput } from '../contract/vmcps.ts';

/** Changes of the servers of a vMCP; the order is the priority. */
type Members = readonly (VmcpServer | VmcpServerInput)[];

/** Priorities from 1 in the order of the list. */
export function numbered(members: Members): VmcpServerInput[] {
  return members.map((member, index) => ({ ...member, priority: index + 1 }));
}

/** The servers in the order in which they come first in lists. */
export function inOrder(members: readonly VmcpServer[]): VmcpServer[] {
  return [...members].sort((a, b) => a.priority - b.priority);
}

/**
 * Puts servers in front of another one, or last: those that are there are moved, others come in with
 * all that they offer.
 * @param before undefined, or a server that is among them itself: last
 */
export function placeServers(
  members: readonly VmcpServer[],
  serverIds: readonly string[],
  before: string | undefined,
): VmcpServerInput[] {
  const ordered = inOrder(members);
  const moved = serverIds.map(
    (server_id) => ordered.find((one) => one.server_id === server_id) ?? { server_id },
  );
  const rest = ordered.filter(({ server_id }) => !serverIds.includes(server_id));
  const found = rest.findIndex(({ server_id }) => server_id === before);
  const at = found === -1 ? rest.length : found;
  return numbered([...rest.slice(0, at), ...moved, ...rest.slice(at)]);
}

/** Puts servers back that were taken out, where they stood; those that came back meanwhile stay as they are. */
export function restoreServers(
  members: readonly VmcpServer[],
  taken: readonly VmcpServer[],
): VmcpServer[] {
  const present = new Set(members.map(({ server_id }) => server_id));
  return inOrder([...members, ...taken.filter(({ server_id }) => !present.has(server_id))]);
}

/** Brings in single tools, by server; of a server that was not there nothing else comes. */
export function addTools(
  members: readonly VmcpServer[],
  tools: ReadonlyMap<string, readonly string[]>,
): VmcpServerInput[] {
  const changed = inOrder(members).map((member) => {
    const added = tools.get(member.server_id) ?? [];
    if (member.tools === 'all' || added.length === 0) return member;
    return { ...member, tools: [...new Set([...member.tools, ...added])] };
  });
  const present = new Set(members.map(({ server_id }) => server_id));
  const joining = [...tools]
    .filter(([server_id]) => !present.has(server_id))
    .map(([server_id, names]) => {
      return { server_id, tools: [...names], prompts: [], resources: [] };
    });
  return numbered([...changed, ...joining]);
}
