import type { ServerEvent } from '../../contract/events.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { TemplateNames } from '../../contract/operations.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { ItemPlace } from '../documents/documentPath.ts';
import type { ItemStore } from '../documents/itemStore.ts';

/** A tool, prompt or resource as MCP shows it, with members that nobody here knows. */
export type McpItem = Readonly<Record<string, unknown>>;

type Reference = 'tool' | 'prompt' | 'resource';

/** What a vMCP's templates can refer to, asked once until it changes. */
export class TemplateCatalog {
  readonly #known = new Map<string, Promise<TemplateNames>>();

  constructor(
    private readonly store: ItemStore,
    private readonly vmcps: () => readonly Vmcp[],
  ) {}

  /** The vMCP of a document; undefined: it is gone. */
  async vmcp(place: ItemPlace): Promise<Vmcp | undefined> {
    const named = ({ name }: Vmcp) => name.toLowerCase() === place.vmcp.toLowerCase();
    return this.vmcps().find(named) ?? (await this.store.vmcpNamed(place.vmcp));
  }

  /** @throws RestError */
  names(vmcpId: string): Promise<TemplateNames> {
    const known = this.#known.get(vmcpId);
    if (known) return known;
    const asked = this.store.items(vmcpId).then((items) => items.names());
    this.#known.set(vmcpId, asked);
    asked.catch(() => this.#known.delete(vmcpId)); // the next one asks again
    return asked;
  }

  follow(event: ServerEvent): void {
    if ('vmcp_id' in event) this.#known.delete(event.vmcp_id);
  }

  clear(): void {
    this.#known.clear();
  }
}

/** The item that a reference means, by canonical name, by bare name where it is unique, or by URI. */
export function findItem(
  names: TemplateNames,
  kind: Reference,
  written: string,
): McpItem | undefined {
  const list: readonly McpItem[] = names[`${kind}s`];
  const exact = list.find((item) => item.name === written || item.uri === written);
  if (exact) return exact;
  const bare = kind === 'resource' ? written.replace(/^vmcp\./, '') : `.${written}`;
  const ending = list.filter(
    (item) => item.name === bare || (bare.startsWith('.') && String(item.name).endsWith(bare)),
  );
  return ending.length === 1 ? ending[0] : undefined;
}

/** A parameter of a tool or prompt. */
export interface Parameter {
  name: string;
  type: string;
  description: string;
  required: boolean;
}

/** What a tool or prompt takes. */
export function parametersOf(item: McpItem): Parameter[] {
  const schema = objectOf(item.inputSchema);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const ofSchema = Object.entries(objectOf(schema.properties)).map(([name, property]) => ({
    name,
    type: textOf(objectOf(property).type),
    description: textOf(objectOf(property).description),
    required: required.includes(name),
  }));
  const args = Array.isArray(item.arguments) ? item.arguments.map(objectOf) : [];
  const ofPrompt = args.map((argument) => ({
    name: textOf(argument.name),
    type: 'string',
    description: textOf(argument.description),
    required: argument.required === true,
  }));
  return [...ofSchema, ...ofPrompt];
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
