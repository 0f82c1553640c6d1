import type { Deleted } from '../../contract/undo.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { CustomItemsClient } from '../../serverLink/customItems.ts';
import type { RestClient } from '../../serverLink/restClient.ts';
import type { ItemPlace } from './documentPath.ts';
import { toolText, withPromptText, withToolText } from './documentText.ts';
import { type Draft, newItem, newPrompt } from './newItem.ts';
import { promptText } from './promptText.ts';
import { toolAt } from './toolAt.ts';
import { typeOfFile } from './typeOfFile.ts';

/** What is at a place. */
export interface FoundItem {
  /** Another one where the content changed. */
  version: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  changedAt: number;
  createdAt: number;
  read(): Promise<Uint8Array>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Custom items by the places of their documents. An item is written as a whole, so writes wait for each
 * other: what a form and a document change of the same tool does not get lost.
 */
export class ItemStore {
  #tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly connect: () => Promise<RestClient>) {}

  async vmcps(): Promise<Vmcp[]> {
    return (await this.connect()).vmcps();
  }

  /** By name, without regard to case; undefined: there is none. */
  async vmcpNamed(name: string): Promise<Vmcp | undefined> {
    return findVmcp(await this.vmcps(), name);
  }

  async items(vmcpId: string): Promise<CustomItemsClient> {
    return new CustomItemsClient(await this.connect(), vmcpId);
  }

  /** What is at a place of a vMCP that was just read; undefined: nothing. */
  find(vmcp: Vmcp, place: ItemPlace): FoundItem | undefined {
    switch (place.at) {
      case 'tool': {
        const tool = toolAt(vmcp, place);
        return tool && foundText(vmcp, toolText(tool));
      }
      case 'prompt': {
        const prompt = vmcp.custom_prompts.find(({ name }) => name === place.name);
        return prompt && foundText(vmcp, promptText(prompt));
      }
      case 'resource':
        return this.#findResource(vmcp, place.name);
    }
  }

  /** @throws RestError, DocumentError; NoSuchVmcpError where the vMCP is gone */
  write(place: ItemPlace, content: Uint8Array): Promise<void> {
    return this.inTurn(async () => {
      const { vmcp, items } = await this.#open(place.vmcp);
      if (place.at === 'resource') return writeResource(items, vmcp, place.name, content);
      const text = decoder.decode(content);
      if (place.at === 'prompt') {
        const known = vmcp.custom_prompts.find(({ name }) => name === place.name);
        const prompt = withPromptText(known ?? newPrompt(place.name), text);
        if (known) await items.replace('custom-prompts', place.name, prompt);
        else await items.add('custom-prompts', prompt);
        return;
      }
      const known = toolAt(vmcp, place);
      const tool = withToolText(known ?? newItem[place.kind](place.name), text);
      if (known) await items.replace('custom-tools', place.name, tool);
      else await items.add('custom-tools', tool);
    });
  }

  /** @returns how it is undone @throws RestError, NoSuchVmcpError */
  remove(place: ItemPlace): Promise<Deleted> {
    return this.inTurn(async () => {
      const { items } = await this.#open(place.vmcp);
      return items.remove(listOf(place), place.name);
    });
  }

  /** Only within its list. @throws RestError, NoSuchVmcpError */
  rename(place: ItemPlace, name: string): Promise<void> {
    return this.inTurn(async () => {
      const { vmcp, items } = await this.#open(place.vmcp);
      const named = <Item extends { name: string }>(all: readonly Item[]): Item[] =>
        all.filter((item) => item.name === place.name).map((item) => ({ ...item, name }));
      for (const tool of place.at === 'tool' ? named(vmcp.custom_tools) : []) {
        await items.replace('custom-tools', place.name, tool);
      }
      for (const prompt of place.at === 'prompt' ? named(vmcp.custom_prompts) : []) {
        await items.replace('custom-prompts', place.name, prompt);
      }
      for (const resource of place.at === 'resource' ? named(vmcp.custom_resources) : []) {
        await items.replace('custom-resources', place.name, resource);
      }
    });
  }

  /** Runs what reads and then writes, after all that came before. */
  inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#tail.then(act);
    this.#tail = done.catch(() => undefined); // whoever asked for it hears of it
    return done;
  }

  async #open(name: string): Promise<{ vmcp: Vmcp; items: CustomItemsClient }> {
    const client = await this.connect();
    const vmcp = findVmcp(await client.vmcps(), name);
    if (!vmcp) throw new NoSuchVmcpError(name);
    return { vmcp, items: new CustomItemsClient(client, vmcp.vmcp_id) };
  }

  #findResource(vmcp: Vmcp, name: string): FoundItem | undefined {
    const resource = vmcp.custom_resources.find((one) => one.name === name);
    if (!resource) return undefined;
    const { file, text = '', updated_at } = resource;
    if (!file) return { ...foundText(vmcp, text), changedAt: Date.parse(updated_at) };
    return {
      version: file.sha256,
      size: file.bytes,
      changedAt: Date.parse(updated_at),
      createdAt: Date.parse(vmcp.created_at),
      read: async () => (await this.items(vmcp.vmcp_id)).content(name),
    };
  }
}

/** A vMCP was deleted or renamed while one of its documents was open. */
export class NoSuchVmcpError extends Error {
  override readonly name = 'NoSuchVmcpError';

  constructor(vmcp: string) {
    super(`There is no vMCP "${vmcp}" any more`);
  }
}

function findVmcp(vmcps: readonly Vmcp[], name: string): Vmcp | undefined {
  return vmcps.find((vmcp) => vmcp.name.toLowerCase() === name.toLowerCase());
}

function listOf({ at }: ItemPlace) {
  return (
    { tool: 'custom-tools', prompt: 'custom-prompts', resource: 'custom-resources' } as const
  )[at];
}

function foundText(vmcp: Vmcp, text: string): FoundItem {
  const bytes = encoder.encode(text);
  return {
    version: text,
    size: bytes.byteLength,
    changedAt: Date.parse(vmcp.updated_at),
    createdAt: Date.parse(vmcp.created_at),
    read: () => Promise.resolve(bytes),
  };
}

/** What is text stays text, so that it can be seen in the vMCP; a file stays a file. */
async function writeResource(
  items: CustomItemsClient,
  vmcp: Vmcp,
  name: string,
  content: Uint8Array,
): Promise<void> {
  const known = vmcp.custom_resources.find((resource) => resource.name === name);
  const type = known?.mime_type ?? typeOfFile(name);
  const text = known?.file ? undefined : textOf(content);
  if (text === undefined) {
    if (!known) await items.add('custom-resources', resourceDraft(name, type));
    await items.putContent(name, content, type);
  } else if (known) await items.replace('custom-resources', name, { ...known, text });
  else await items.add('custom-resources', { ...resourceDraft(name, type), text });
}

function resourceDraft(name: string, mime_type: string): Draft<'custom-resources'> {
  return { name, description: '', mime_type };
}

/** The longest text that a resource holds as such. */
const maxTextLength = 1_000_000;

/** Undefined where it is no UTF-8, or too long. */
function textOf(content: Uint8Array): string | undefined {
  if (content.byteLength > maxTextLength || content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
