import type * as z from 'zod';
import {
  type CustomPrompt,
  type CustomResource,
  type CustomTool,
  customPromptSchema,
  customToolSchema,
  type StoredResource,
  storedResourceSchema,
} from '../contract/customItems.ts';
import type { JsonObject } from '../contract/json.ts';
import {
  type CheckedTool,
  checkedToolSchema,
  type TemplateNames,
  type TemplatePreview,
  templateNamesSchema,
  templatePreviewSchema,
} from '../contract/operations.ts';
import {
  type ToolImport,
  type ToolImportRequest,
  toolImportSchema,
} from '../contract/toolImport.ts';
import { type Deleted, deletedBodySchema } from '../contract/undo.ts';
import type { RestClient } from './restClient.ts';

/** What of a vMCP's own is reached one by one. */
export interface ItemTypes {
  'custom-tools': { item: CustomTool; input: CustomTool };
  'custom-prompts': { item: CustomPrompt; input: CustomPrompt };
  'custom-resources': { item: StoredResource; input: CustomResource };
}
export type ItemList = keyof ItemTypes;

const itemSchemas: { [List in ItemList]: z.ZodType<ItemTypes[List]['item']> } = {
  'custom-tools': customToolSchema,
  'custom-prompts': customPromptSchema,
  'custom-resources': storedResourceSchema,
};

/** Checking Python code may have to start an interpreter, and wait for its end. */
const checkTimeoutMs = 60_000;
/** Large documents are read in a thread of the server's. */
const importTimeoutMs = 60_000;

/** The custom items of one vMCP by REST. All methods throw RestError for what the server refuses. */
export class CustomItemsClient {
  readonly #path: string;

  constructor(
    private readonly client: RestClient,
    vmcpId: string,
  ) {
    this.#path = `/api/vmcps/${encodeURIComponent(vmcpId)}`;
  }

  async add<List extends ItemList>(
    list: List,
    item: ItemTypes[List]['input'],
  ): Promise<ItemTypes[List]['item']> {
    const body = await this.client.forward('POST', `${this.#path}/${list}`, { body: item });
    return itemSchemas[list].parse(body);
  }

  /** Puts an item in the place of one; another name renames it. */
  async replace<List extends ItemList>(
    list: List,
    name: string,
    item: ItemTypes[List]['input'],
  ): Promise<ItemTypes[List]['item']> {
    const body = await this.client.forward('PUT', this.#item(list, name), { body: item });
    return itemSchemas[list].parse(body);
  }

  /** @returns how it is undone */
  async remove(list: ItemList, name: string): Promise<Deleted> {
    return deletedBodySchema.parse(await this.client.forward('DELETE', this.#item(list, name), {}));
  }

  /** The content of a resource, be it text or a file. */
  content(name: string): Promise<Uint8Array> {
    return this.client.transfer(`${this.#item('custom-resources', name)}/content`);
  }

  /** Makes a file the content of a resource. */
  async putContent(name: string, bytes: Uint8Array, type: string): Promise<void> {
    const path = `${this.#item('custom-resources', name)}/content`;
    await this.client.transfer(path, { type, bytes });
  }

  /** What is wrong with a tool, which need not be valid. */
  async check(tool: JsonObject, signal?: AbortSignal): Promise<CheckedTool> {
    const path = `${this.#path}/custom-tools/check`;
    const more = { timeoutMs: checkTimeoutMs, ...(signal && { signal }) };
    return checkedToolSchema.parse(
      await this.client.forward('POST', path, { body: { tool }, ...more }),
    );
  }

  /** The references in a template and what is wrong with it. */
  async preview(
    text: string,
    variables: readonly { name: string }[],
    signal?: AbortSignal,
  ): Promise<TemplatePreview> {
    const path = `${this.#path}/templates/preview`;
    const body = { text, variables: variables.map(({ name }) => ({ name })) };
    return templatePreviewSchema.parse(
      await this.client.forward('POST', path, { body, ...(signal && { signal }) }),
    );
  }

  /** What templates can refer to. */
  async names(): Promise<TemplateNames> {
    const path = `${this.#path}/templates/names`;
    return templateNamesSchema.parse(await this.client.forward('GET', path, {}));
  }

  #item(list: ItemList, name: string): string {
    return `${this.#path}/${list}/${encodeURIComponent(name)}`;
  }
}

/** Makes HTTP tools of an OpenAPI document, a Postman collection or curl lines; nothing is saved. */
export async function readToolImport(
  client: RestClient,
  body: ToolImportRequest,
): Promise<ToolImport> {
  const options = { body, timeoutMs: importTimeoutMs };
  return toolImportSchema.parse(await client.forward('POST', '/api/import/tools', options));
}
