import {
  type CustomPrompt,
  type CustomTool,
  customPromptSchema,
  customToolSchema,
} from '../../../../contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../../contract/json.ts';
import { previewTemplate } from '../../../template/previewTemplate.ts';
import { UniqueNames } from '../../../tools/import/importNames.ts';
import type { ForeignApiConfig, ForeignItem, ForeignTool, ForeignVariable } from './foreignFile.ts';

const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const placeholder = /^<(string|long|boolean|number|integer)>$/;

/** Takes over the tools and prompts of a 1xn-vmcp file; what cannot be is told. */
export class ForeignItems {
  readonly #names = new UniqueNames();

  constructor(private readonly notes: string[]) {}

  tools(tools: readonly ForeignTool[]): CustomTool[] {
    return tools.flatMap((tool) => {
      const what = `Tool "${tool.name}"`;
      const parsed = customToolSchema.safeParse({
        ...this.#common(tool, what),
        tool_type: tool.tool_type,
        keywords: tool.keywords ?? [],
        ...(tool.tool_type === 'prompt' && { text: tool.text ?? '' }),
        ...(tool.tool_type === 'python' && { code: tool.code ?? '' }),
        ...(tool.tool_type === 'http' && {
          api_config: apiConfigOf(tool.api_config ?? {}),
          imported_from: tool.imported_from ?? null,
        }),
      });
      if (tool.tool_type !== 'python') this.#tellProblems(textsOf(tool), what);
      return parsed.success ? [parsed.data] : this.#leaveOut(what, parsed.error.issues[0]);
    });
  }

  prompts(prompts: readonly ForeignItem[]): CustomPrompt[] {
    return prompts.flatMap((prompt) => {
      const what = `Prompt "${prompt.name}"`;
      const parsed = customPromptSchema.safeParse({
        ...this.#common(prompt, what),
        text: prompt.text ?? '',
      });
      this.#tellProblems([prompt.text ?? ''], what);
      return parsed.success ? [parsed.data] : this.#leaveOut(what, parsed.error.issues[0]);
    });
  }

  #common({ name, description, variables }: ForeignItem, what: string): JsonObject {
    const free = this.#names.tool(name);
    if (free !== name) this.notes.push(`${what} is called "${free}" here; references to it too.`);
    return {
      name: free,
      description: description ?? '',
      variables: (variables ?? []).flatMap((variable) => this.#variable(variable, what)),
    };
  }

  #variable(variable: ForeignVariable, what: string): JsonObject[] {
    const { name, type, description, required } = variable;
    if (!variableName.test(name)) {
      this.notes.push(
        `${what}: the variable "${name}" is left out, its name is not possible here.`,
      );
      return [];
    }
    const fallback = variable.default ?? variable.default_value;
    return [
      {
        name,
        type: typeOf(type),
        required: required ?? false,
        ...(description && { description }),
        ...(fallback !== undefined && fallback !== null && { default: fallback }),
      },
    ];
  }

  /** Jinja's tags among others: they stay text. */
  #tellProblems(texts: readonly string[], what: string): void {
    for (const text of texts) {
      for (const { message, line, column } of previewTemplate(text).problems) {
        this.notes.push(`${what}, line ${line}, column ${column}: ${message}`);
      }
    }
  }

  #leaveOut(what: string, issue: { path: PropertyKey[]; message: string } | undefined): [] {
    const place = issue?.path.map(String).join('.') ?? '';
    this.notes.push(`${what} is left out: ${place}: ${issue?.message ?? 'not understood'}`);
    return [];
  }
}

function typeOf(type: string | null | undefined): string {
  const known = ['str', 'int', 'float', 'bool', 'list', 'dict'];
  return type && known.includes(type) ? type : 'str';
}

function textsOf({ text, api_config }: ForeignTool): string[] {
  return [text ?? '', ...stringsIn((api_config ?? null) as JsonValue)];
}

function stringsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function apiConfigOf(config: ForeignApiConfig): JsonObject {
  const { method, url, headers, headers_array, query_params } = config;
  const listed = (headers_array ?? []).map(({ key, value }) => [key, value] as const);
  const given = [...listed, ...Object.entries(headers ?? {})];
  const query = Object.entries(query_params ?? {}).filter(([, value]) => isGiven(value));
  const body = config.body_parsed ?? config.body;
  return {
    method: (method ?? 'GET').toUpperCase(),
    url: url ?? '',
    headers: Object.fromEntries(given.map(([name, value]) => [name, textOf(value)])),
    query_params: Object.fromEntries(query),
    ...(body !== undefined && body !== null && body !== '' && { body: body as JsonValue }),
    ...(typeof body === 'string' && { body_type: 'text' }),
    auth: authOf(config.auth),
  };
}

/** Empty values and placeholders of collections were not sent. */
function isGiven(value: unknown): boolean {
  return value !== null && value !== '' && !(typeof value === 'string' && placeholder.test(value));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function authOf(auth: ForeignApiConfig['auth']): JsonObject {
  switch (auth?.type) {
    case 'bearer':
      return { type: 'bearer', token: auth.token ?? '' };
    case 'apikey':
      return { type: 'api_key', key: auth.apiKey ?? '', name: auth.keyName || 'X-API-Key' };
    case 'basic':
      return { type: 'basic', username: auth.username ?? '', password: auth.password ?? '' };
    case 'custom':
      return { type: 'custom', headers: auth.headers ?? {} };
    default:
      return { type: 'none' };
  }
}
