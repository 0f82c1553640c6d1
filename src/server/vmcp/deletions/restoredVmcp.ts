import type { VmcpRecord } from '../../../contract/vmcps.ts';
import { ConflictError } from '../../appErrors.ts';

/**
 * A vMCP that changed after a deletion, with what the deletion took from it: servers and own items
 * stand where they stood, everything else stays as it is now.
 * @throws ConflictError where another item has the name by now
 */
export function restoredVmcp(
  before: VmcpRecord,
  after: VmcpRecord,
  current: VmcpRecord,
): VmcpRecord {
  return {
    ...current,
    mcp_servers: withMissing(
      before.mcp_servers,
      after.mcp_servers,
      current.mcp_servers,
      ({ server_id }) => server_id,
    ),
    custom_tools: withItems('tool', before.custom_tools, after.custom_tools, current.custom_tools),
    custom_prompts: withItems(
      ...(['prompt', before.custom_prompts, after.custom_prompts, current.custom_prompts] as const),
    ),
    custom_resources: withItems(
      ...([
        'resource',
        before.custom_resources,
        after.custom_resources,
        current.custom_resources,
      ] as const),
    ),
  };
}

function withItems<Item extends { name: string }>(
  noun: string,
  before: readonly Item[],
  after: readonly Item[],
  current: readonly Item[],
): Item[] {
  const isLeft = new Set(after.map(({ name }) => name));
  const taken = before.find(
    ({ name }) => !isLeft.has(name) && current.some((item) => item.name === name),
  );
  if (taken) throw new ConflictError(`There is a new custom ${noun} "${taken.name}"`, 'name');
  return withMissing(before, after, current, ({ name }) => name);
}

function withMissing<Item>(
  before: readonly Item[],
  after: readonly Item[],
  current: readonly Item[],
  idOf: (item: Item) => string,
): Item[] {
  const isLeft = new Set(after.map(idOf));
  const items = [...current];
  const present = new Set(current.map(idOf));
  for (const [index, item] of before.entries()) {
    const id = idOf(item);
    if (!isLeft.has(id) && !present.has(id)) items.splice(Math.min(index, items.length), 0, item);
  }
  return items;
}
