import type { ApiConfig, HttpTool } from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonValue } from '../../../../contract/json.ts';
import { isCredentialName } from '../credentialNames.ts';
import { fileVariable } from '../fileVariable.ts';
import type { ImportConfig } from '../importConfig.ts';
import { makeHttpTool } from '../makeHttpTool.ts';
import { embedded, escapeTemplate, escapeUrlText } from '../templateText.ts';
import { ToolVariables } from '../toolVariables.ts';
import type { ConcreteAuth, ConcreteBody, ConcreteRequest, Field } from './concreteRequest.ts';
import { type KnownValues, variableSecret } from './knownValues.ts';
import { hasMark, onlyMark, replaceMarks } from './marks.ts';
import { holdsPlaceholder, placeholderOf } from './placeholders.ts';

/** What the requests of one document share. */
export interface ConcreteContext {
  config: ImportConfig;
  known: KnownValues;
  importedFrom: string;
  /** What the keys of credentials begin with, where it is not the document's title. */
  titleOfSecrets?: string;
}

/** Headers that say what the connection or the body's form says. */
const ownHeaders = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'expect']);

/**
 * A tool from a request with values in it. Values of path, query and body become arguments with those
 * values as defaults, so that a call without arguments sends the request as it stands; credentials
 * become references to secrets of the configuration.
 */
export function concreteTool(
  request: ConcreteRequest,
  name: string,
  context: ConcreteContext,
): HttpTool {
  return new ConcreteToolMaker(request, context).make(name);
}

class ConcreteToolMaker {
  readonly #variables = new ToolVariables();
  /** Arguments that stand for variables of the document, by the variables' names. */
  readonly #arguments = new Map<string, string>();

  constructor(
    private readonly request: ConcreteRequest,
    private readonly context: ConcreteContext,
  ) {}

  make(name: string): HttpTool {
    const { request } = this;
    const url = this.#url();
    const query_params = this.#fields(request.query);
    const headers = this.#headers();
    const cookies = request.cookies.map(({ name: cookie, value }) => {
      return [cookie, this.#credential(value, cookie, `The cookie “${cookie}”`)] as const;
    });
    const api: Partial<ApiConfig> & Pick<ApiConfig, 'method' | 'url'> = {
      method: request.method,
      url,
      headers,
      query_params,
      ...(cookies.length > 0 && { cookies: Object.fromEntries(cookies) }),
      ...(request.body && this.#body(request.body)),
      ...(request.auth && { auth: this.#auth(request.auth) }),
      ...(request.timeout_s !== undefined && { timeout_s: request.timeout_s }),
    };
    return makeHttpTool({
      name,
      title: request.name,
      description: request.description || request.name,
      api,
      variables: this.#variables.list(),
      importedFrom: this.context.importedFrom,
    });
  }

  #url(): string {
    const [scheme = '', rest] = splitScheme(this.request.address);
    const at = rest.indexOf('/');
    const [host, path] = at < 0 ? [rest, ''] : [rest.slice(0, at), rest.slice(at)];
    const hostVariable = (name: string) => embedded(this.#hostVariable(name));
    const base = replaceMarks(scheme + host, hostVariable, escapeUrlText);
    const byName = new Map(this.request.pathVariables.map((field) => [field.name, field]));
    const segments = path.split('/').map((segment) => {
      const [whole, name = ''] = /^:([A-Za-z_][\w-]*)/.exec(segment) ?? [];
      if (whole === undefined) {
        return replaceMarks(segment, (one) => embedded(this.#variable(one)), escapeUrlText);
      }
      const variable = this.#pathVariable(byName.get(name) ?? { name, value: '' });
      return `{${variable}}${escapeUrlText(segment.slice(whole.length))}`;
    });
    return base + segments.join('/');
  }

  #pathVariable({ name, value, description }: Field): string {
    const example = value !== '' && !hasMark(value) && !placeholderOf(value) ? value : undefined;
    return this.#variables.add(name, {
      type: placeholderOf(value) ?? 'str',
      required: true,
      ...(description !== undefined && description !== '' && { description }),
      ...(example !== undefined && { schema: { examples: [example] } }),
    });
  }

  #headers(): Record<string, string> {
    const isForm = this.request.body?.type === 'form' || this.request.body?.type === 'multipart';
    const sent = this.request.headers.filter(({ name, isOff }) => {
      const key = name.toLowerCase();
      return !isOff && !ownHeaders.has(key) && !(isForm && key === 'content-type');
    });
    const values = sent.map(({ name, value }) => {
      const template = isCredentialName(name) ? this.#secretHeader(name, value) : this.#text(value);
      return [name, template] as const;
    });
    const { body } = this.request;
    const isTyped = values.some(([name]) => name.toLowerCase() === 'content-type');
    if (body?.type === 'text' && body.contentType !== undefined && !isTyped) {
      values.push(['Content-Type', body.contentType]);
    }
    return Object.fromEntries(values);
  }

  /** `Bearer …` keeps its scheme. */
  #secretHeader(name: string, value: string): string {
    const [, scheme = '', rest = value] = /^(Bearer |Basic |Token )(.+)$/is.exec(value) ?? [];
    return scheme + this.#credential(rest, name, `The header “${name}”`);
  }

  #fields(fields: readonly Field[]): Record<string, JsonValue> {
    const values = new Map<string, string[]>();
    for (const field of fields) {
      values.set(field.name, [...(values.get(field.name) ?? []), this.#field(field)]);
    }
    const entries = [...values].map(([name, all]): [string, JsonValue] => {
      const [first = ''] = all;
      return [name, all.length > 1 ? all : first];
    });
    return Object.fromEntries(entries);
  }

  #field({ name, value, description, isOff = false }: Field): string {
    const isGiven = value !== '' && placeholderOf(value) === undefined;
    if (isCredentialName(name) && (isGiven || !isOff)) {
      return this.#credential(value, name, `The value of “${name}”`);
    }
    if (hasMark(value)) return this.#text(value);
    return this.#variables.reference(name, {
      type: placeholderOf(value) ?? 'str',
      required: !isOff && placeholderOf(value) !== undefined,
      ...(description !== undefined && description !== '' && { description }),
      ...(isGiven && !isOff && { default: value }),
    });
  }

  #body(body: ConcreteBody): Pick<ApiConfig, 'body' | 'body_type'> {
    switch (body.type) {
      case 'json':
        return { body_type: 'json', body: this.#jsonBody(body.value, body.fixed) };
      case 'form':
        return { body_type: 'form', body: this.#fields(body.fields) };
      case 'multipart': {
        const files = body.fields.filter(({ isFile }) => isFile === true);
        const plain = body.fields.filter(({ isFile }) => isFile !== true);
        const fileParts = files.map(({ name, description, isOff = false }) => {
          const variable = fileVariable(!isOff, description);
          return [name, this.#variables.reference(name, variable)] as const;
        });
        const fields = { ...this.#fields(plain), ...Object.fromEntries(fileParts) };
        return { body_type: 'multipart', body: fields };
      }
      case 'text':
        return { body_type: 'text', body: this.#text(body.text) };
    }
  }

  /** The members of an object become arguments; what is inside of them stays together. */
  #jsonBody(value: JsonValue, fixed: readonly string[] = []): JsonValue {
    if (!isJsonObject(value)) return this.#json(value, 'body');
    return Object.fromEntries(
      Object.entries(value).map(([name, member = null]) => [
        name,
        fixed.includes(name) ? this.#template(member, name) : this.#jsonMember(name, member),
      ]),
    );
  }

  #jsonMember(name: string, value: JsonValue): JsonValue {
    if (isCredentialName(name) && typeof value === 'string') {
      return this.#credential(value, name, `The value of “${name}”`);
    }
    return this.#json(value, name);
  }

  /** Values with variables in them stay templates; others become an argument. */
  #json(value: JsonValue, name: string): JsonValue {
    if (hasMark(JSON.stringify(value)) || holdsPlaceholder(value))
      return this.#template(value, name);
    if (value === null) return null;
    return this.#variables.reference(name, {
      type: typeOf(value),
      required: false,
      default: value,
    });
  }

  #template(value: JsonValue, name: string): JsonValue {
    if (typeof value === 'string') {
      const type = placeholderOf(value);
      return type === undefined
        ? this.#text(value)
        : this.#variables.reference(name, { type, required: true });
    }
    if (Array.isArray(value)) return value.map((item) => this.#template(item, name));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        this.#template(member ?? null, `${name}_${key}`),
      ]),
    );
  }

  #auth(auth: ConcreteAuth): ApiConfig['auth'] {
    switch (auth.type) {
      case 'bearer':
        return { type: 'bearer', token: this.#credential(auth.token, 'token', 'The bearer token') };
      case 'basic':
        return {
          type: 'basic',
          username: this.#credential(auth.username, 'username', 'The user name'),
          password: this.#credential(auth.password, 'password', 'The password'),
        };
      case 'api_key': {
        const key = this.#credential(auth.key, auth.name, `The API key “${auth.name}”`);
        return { type: 'api_key', name: auth.name, key, in: auth.in };
      }
    }
  }

  /** Never the value itself: a secret of the configuration, one for each value. */
  #credential(value: string, name: string, description: string): string {
    const { config, titleOfSecrets } = this.context;
    const only = onlyMark(value);
    if (only !== undefined) return config.secret(variableSecret(only), titleOfSecrets);
    const identity = value === '' ? `${name} of ${this.request.address}` : `=${value}`;
    return config.secret({ name, description, identity }, titleOfSecrets);
  }

  #text(text: string): string {
    const only = onlyMark(text);
    if (only !== undefined) return this.#variable(only);
    return replaceMarks(text, (name) => embedded(this.#variable(name)), escapeTemplate);
  }

  /** Where a request goes is never up to who calls the tool. */
  #hostVariable(name: string): string {
    const { known, config } = this.context;
    return known.has(name) ? known.reference(name, config) : config.value(name, '');
  }

  /** A variable with a value is configuration; one without is an argument, or secret by its name. */
  #variable(name: string): string {
    const { known, config, titleOfSecrets } = this.context;
    if (known.has(name)) return known.reference(name, config);
    if (isCredentialName(name)) return config.secret(variableSecret(name), titleOfSecrets);
    let reference = this.#arguments.get(name);
    if (reference === undefined) {
      reference = this.#variables.reference(name, { type: 'str', required: true });
      this.#arguments.set(name, reference);
    }
    return reference;
  }
}

function splitScheme(address: string): [string, string] {
  const [scheme] = /^[^/]*:\/\//.exec(address) ?? [''];
  return [scheme, address.slice(scheme.length)];
}

function typeOf(value: JsonValue) {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'list' : 'dict';
}
