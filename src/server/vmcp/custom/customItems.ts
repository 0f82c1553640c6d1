import type {
  CustomPrompt,
  CustomResource,
  CustomTool,
  StoredResource,
} from '../../../contract/customItems.ts';
import type { Deleted } from '../../../contract/undo.ts';
import type { UpdateVmcp, Vmcp, VmcpRecord } from '../../../contract/vmcps.ts';
import { ConflictError, NotFoundError } from '../../appErrors.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import { revealToolSecrets } from '../configuration/toolSecrets.ts';
import { changedVmcpRecord } from '../configuration/vmcpRecords.ts';
import type { Vmcps } from '../configuration/vmcps.ts';

/** The lists of a vMCP's own items, with what they hold and what they take. */
export interface CustomItemLists {
  custom_tools: { item: CustomTool; input: CustomTool };
  custom_prompts: { item: CustomPrompt; input: CustomPrompt };
  custom_resources: { item: StoredResource; input: CustomResource };
}
export type ListName = keyof CustomItemLists;

const nouns: Record<ListName, string> = {
  custom_tools: 'custom tool',
  custom_prompts: 'custom prompt',
  custom_resources: 'custom resource',
};

/** A vMCP's own tools, prompts and resources one by one. */
export class CustomItems {
  constructor(
    private readonly vmcps: Vmcps,
    private readonly secrets: SecretStore,
  ) {}

  /** @throws NotFoundError */
  all<List extends ListName>(vmcpId: string, list: List): CustomItemLists[List]['item'][] {
    return this.vmcps.get(vmcpId)[list];
  }

  /** @throws NotFoundError */
  get<List extends ListName>(
    vmcpId: string,
    list: List,
    name: string,
  ): CustomItemLists[List]['item'] {
    return itemOf(this.vmcps.get(vmcpId), list, name);
  }

  /** @throws ConflictError where the name is taken, InvalidError */
  async add<List extends ListName>(
    vmcpId: string,
    list: List,
    item: CustomItemLists[List]['input'],
  ): Promise<CustomItemLists[List]['item']> {
    const after = await this.#change(vmcpId, list, (items) => {
      if (items.some(({ name }) => name === item.name)) {
        throw new ConflictError(`There is already a ${nouns[list]} "${item.name}"`, 'name');
      }
      return [...items, item];
    });
    return itemOf(after, list, item.name);
  }

  /**
   * Puts an item in the place of one; another name renames it. Credentials under the mask stay.
   * @throws NotFoundError, ConflictError, InvalidError
   */
  async replace<List extends ListName>(
    vmcpId: string,
    list: List,
    name: string,
    item: CustomItemLists[List]['input'],
  ): Promise<CustomItemLists[List]['item']> {
    const after = await this.#change(vmcpId, list, (items, record) => {
      const known = itemOf(record, list, name);
      const renamed = this.#renamed(vmcpId, name, item);
      const input = 'uri' in known ? { ...renamed, uri: known.uri } : renamed;
      return items.map((one) => (one.name === name ? input : one));
    });
    return itemOf(after, list, item.name);
  }

  /** @throws NotFoundError */
  remove(vmcpId: string, list: ListName, name: string): Promise<Deleted> {
    return this.vmcps.remove(vmcpId, `${nouns[list]} "${name}"`, (record, at) => {
      itemOf(record, list, name);
      const items: readonly { name: string }[] = record[list];
      const body = { [list]: items.filter((item) => item.name !== name) };
      return changedVmcpRecord(record, body as UpdateVmcp, () => undefined, at);
    });
  }

  /** Stored credentials go by the name of their tool, so a renamed one takes its own along. */
  #renamed<Item extends { name: string }>(vmcpId: string, before: string, item: Item): Item {
    if (!('tool_type' in item) || item.name === before) return item;
    const tool = item as Item & CustomTool;
    return revealToolSecrets(tool, { vmcpId, under: before }, this.secrets);
  }

  #change<List extends ListName>(
    vmcpId: string,
    list: List,
    change: (
      items: readonly CustomItemLists[List]['input'][],
      record: VmcpRecord,
    ) => readonly CustomItemLists[List]['input'][],
  ): Promise<Vmcp> {
    return this.vmcps.edit(vmcpId, (record, at) => {
      const body: UpdateVmcp = { [list]: change(record[list], record) };
      // No servers are in the body, so none is looked up.
      return changedVmcpRecord(record, body, () => undefined, at);
    });
  }
}

function itemOf<List extends ListName>(
  record: VmcpRecord,
  list: List,
  name: string,
): CustomItemLists[List]['item'] {
  const items: readonly CustomItemLists[List]['item'][] = record[list];
  const item = items.find((one) => one.name === name);
  if (!item) throw new NotFoundError(`There is no ${nouns[list]} "${name}"`, name);
  return item;
}
