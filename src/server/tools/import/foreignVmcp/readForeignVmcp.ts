import type {
  CustomPrompt,
  CustomTool,
  ExportedResource,
} from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import type { VmcpExport } from '../../../../contract/vmcps.ts';
import { InvalidError } from '../../../appErrors.ts';
import { parseTemplate } from '../../../template/parseTemplate.ts';
import { checkHttpTool } from '../../http/checkHttpTool.ts';
import { isCredentialName } from '../credentialNames.ts';
import { listAt, memberOf, objectAt, objectsAt, textAt } from '../documentReader.ts';
import { configKey, UniqueNames } from '../importNames.ts';
import { ItemReader } from './itemReader.ts';
import { readApiConfig } from './readHttpTool.ts';
import { readServers } from './readServers.ts';

/** A vMCP's file as vMCP's own exports are, and what is different from the file. */
export interface ForeignVmcp {
  body: VmcpExport;
  notes: string[];
}

/** What the file may hold that has no equal here. */
const leftOut: [string, string][] = [
  ['custom_context', 'The contexts'],
  ['custom_widgets', 'The widgets'],
  ['custom_resource_uris', 'The resource URIs'],
  ['custom_resource_templates', 'The own resource templates'],
];

/** Whether a JSON file is an export of 1xn-vmcp. */
export function isForeignVmcp(file: unknown): boolean {
  return isJsonObject(file) && file.vmcp_config !== undefined;
}

/**
 * Reads an export file of 1xn-vmcp. Literal credentials of tools move into the configuration, as
 * secrets.
 * @throws InvalidError for what is no such file
 */
export function readForeignVmcp(file: unknown): ForeignVmcp {
  if (isJsonObject(file) && isJsonObject(file.vmcp_config)) {
    return new ForeignVmcpReader(file, file.vmcp_config).read();
  }
  throw new InvalidError('The file is no export of 1xn-vmcp', 'vmcp_config: must be an object');
}

class ForeignVmcpReader {
  readonly #notes: string[] = [];
  readonly #items = new ItemReader(this.#notes);
  readonly #config = new Map<string, JsonValue>();
  readonly #secretKeys = new Set<string>();

  constructor(
    private readonly file: JsonObject,
    private readonly vmcpConfig: JsonObject,
  ) {}

  read(): ForeignVmcp {
    const { file } = this;
    this.#readConfig();
    const tools = objectsAt(file, 'custom_tools').flatMap((tool) => this.#tool(tool));
    const prompts = objectsAt(file, 'custom_prompts').map((prompt) => this.#prompt(prompt));
    for (const [member, what] of leftOut) {
      if (listAt(file, member).length > 0) this.#notes.push(`${what} are left out.`);
    }
    const body: VmcpExport = {
      name: textAt(file, 'name') || 'Imported vMCP',
      description: textAt(file, 'description') ?? '',
      mcp_servers: readServers(this.vmcpConfig, this.#notes),
      custom_tools: tools,
      custom_prompts: prompts,
      active_config: Object.fromEntries(this.#config) as NonNullable<VmcpExport['active_config']>,
      secret_keys: [...this.#secretKeys],
      custom_resources: this.#resources(),
      system_prompt: this.#systemPrompt(),
    };
    return { body, notes: this.#notes };
  }

  #systemPrompt(): string {
    const given = memberOf(this.file, 'system_prompt');
    const text =
      typeof given === 'string' ? given : textAt(objectAt(this.file, 'system_prompt'), 'text');
    if (parseTemplate(text ?? '').pieces.some(({ kind }) => kind !== 'text')) {
      this.#notes.push('References in the system prompt stay as they are written.');
    }
    return text ?? '';
  }

  /** What the file says about them; their content is not in it, which the import tells. */
  #resources(): ExportedResource[] {
    const names = new Set<string>();
    return objectsAt(this.file, 'custom_resources').flatMap((resource) => {
      const given =
        textAt(resource, 'original_filename') ?? textAt(resource, 'resource_name') ?? '';
      const name = given.replace('file://', '').slice(0, 200);
      if (name === '' || names.has(name)) return [];
      names.add(name);
      const mime_type = textAt(resource, 'content_type') ?? 'application/octet-stream';
      return [{ name, description: textAt(resource, 'description') ?? '', mime_type }];
    });
  }

  /** A list of names and values; older files hold an object. */
  #readConfig(): void {
    const listed = objectsAt(this.file, 'environment_variables').map((entry) => {
      return [textAt(entry, 'name') ?? '', memberOf(entry, 'value') ?? ''] as const;
    });
    const named = Object.entries(objectAt(this.file, 'environment_variables') ?? {});
    for (const [name, value = ''] of [...listed, ...named]) {
      if (name === '') continue;
      this.#config.set(name, value);
      if (isCredentialName(name)) this.#secretKeys.add(name);
    }
  }

  #keepSecret(name: string, value: string): string {
    const key = new UniqueNames(this.#config.keys()).key(configKey('', name));
    this.#config.set(key, value);
    this.#secretKeys.add(key);
    this.#notes.push(`A credential of a tool is in the configuration now: ${key}.`);
    return `@config.${key}`;
  }

  #prompt(prompt: JsonObject): CustomPrompt {
    const name = this.#items.name(prompt, 'Prompt');
    const place = `Prompt "${name}"`;
    return {
      name,
      description: textAt(prompt, 'description') ?? '',
      variables: this.#items.variables(prompt, place),
      text: this.#items.template(textAt(prompt, 'text') ?? '', place),
    };
  }

  #tool(tool: JsonObject): CustomTool[] {
    const name = this.#items.name(tool, 'Tool');
    const place = `Tool "${name}"`;
    const base = {
      name,
      description: textAt(tool, 'description') ?? '',
      variables: this.#items.variables(tool, place),
      keywords: listAt(tool, 'keywords').filter((one) => typeof one === 'string'),
      enabled: true,
    };
    switch (tool.tool_type ?? 'prompt') {
      case 'prompt':
        return [
          {
            ...base,
            tool_type: 'prompt',
            text: this.#items.template(textAt(tool, 'text') ?? '', place),
          },
        ];
      case 'python':
        return [{ ...base, tool_type: 'python', code: textAt(tool, 'code') ?? '' }];
      case 'http':
        return this.#httpTool(tool, base, place);
      default:
        this.#notes.push(
          `${place} is left out: the kind "${String(tool.tool_type)}" is not known.`,
        );
        return [];
    }
  }

  #httpTool(
    tool: JsonObject,
    base: Omit<CustomTool & { tool_type: 'http' }, 'tool_type' | 'api_config'>,
    place: string,
  ): CustomTool[] {
    const keepSecret = (secret: string, value: string) => this.#keepSecret(secret, value);
    const api_config = readApiConfig(tool, { items: this.#items, place, keepSecret }, this.#notes);
    if (!api_config) return [];
    const made = {
      ...base,
      tool_type: 'http' as const,
      api_config,
      imported_from: textAt(tool, 'imported_from') ?? null,
    };
    for (const { message } of checkHttpTool(made)) this.#notes.push(`${place}: ${message}`);
    return [made];
  }
}
