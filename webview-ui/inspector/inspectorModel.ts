import type { JsonObject, JsonValue } from '../../src/contract/json.ts';
import { isJsonObject } from '../../src/contract/json.ts';
import type { InspectorContext } from '../../src/contract/webview/inspector.ts';
import type { LinkStatus } from '../../src/contract/webview/messages.ts';
import { asFailure, type RequestFailure } from '../shared/requestFailure.ts';
import type { Rest } from '../shared/rest.ts';
import { promptOutcome, resourceOutcome, toolOutcome } from '../shared/tryOut/outcome.ts';
import { TryModel, type TryOutcome } from '../shared/tryOut/tryModel.ts';
import type { WindowLink } from '../shared/windowLink.ts';

/** Something of a server or a vMCP, and what came of trying it. */
export class InspectorModel {
  readonly context: InspectorContext;
  readonly trying: TryModel;
  /** As the server or the vMCP lists it. */
  item: JsonObject | undefined;
  failure: RequestFailure | undefined;
  loaded = false;
  linkStatus: LinkStatus = { status: 'connected', message: '' };

  constructor(
    private readonly link: WindowLink,
    private readonly rest: Rest,
    private readonly changed: () => void,
  ) {
    this.context = link.context as InspectorContext;
    this.trying = new TryModel(
      (args, signal) => this.#perform(args, signal),
      () => {
        link.keepView({ arguments: this.trying.values });
        changed();
      },
      link.firstView.arguments,
    );
    link.onEvent = () => void this.load();
    link.onLink = (status) => {
      const returned = this.linkStatus.status !== 'connected' && status.status === 'connected';
      this.linkStatus = status;
      if (returned) void this.load();
      changed();
    };
  }

  /** Shows what the window knows, and reads it anew. */
  start(): Promise<void> {
    if (isJsonObject(this.link.known)) this.#show(this.link.known);
    return this.load();
  }

  async load(): Promise<void> {
    try {
      this.failure = undefined;
      this.#show((await this.#list()).find((item) => this.#isMeant(item)));
    } catch (error) {
      this.failure = asFailure(error);
      this.#show(this.item);
    }
  }

  #show(item: JsonObject | undefined): void {
    this.item = item;
    this.loaded = true;
    this.trying.schema = this.#schema();
    this.changed();
  }

  async #list(): Promise<readonly JsonObject[]> {
    const { of, id, item } = this.context;
    if (of === 'vmcp') {
      const names = await this.rest.call('listTemplateNames', { params: { vmcp_id: id } });
      return names[`${item}s`] as unknown as JsonObject[];
    }
    const catalog = await this.rest.call('getCatalog', { params: { server_id: id } });
    if (item !== 'resource') return catalog[`${item}s`];
    return [...catalog.resources, ...catalog.resource_templates];
  }

  #isMeant({ name, uri, uriTemplate }: JsonObject): boolean {
    const key = this.context.item === 'resource' ? (uri ?? uriTemplate) : name;
    return key === this.context.name;
  }

  /** What is asked for: a tool's schema, a prompt's arguments, the blanks of a resource template. */
  #schema(): JsonObject {
    const { item, context } = this;
    switch (context.item) {
      case 'tool':
        return isJsonObject(item?.inputSchema) ? item.inputSchema : { type: 'object' };
      case 'prompt':
        return promptSchema(item?.arguments);
      case 'resource': {
        const blanks = blanksOf(context.name);
        const properties = Object.fromEntries(blanks.map((name) => [name, { type: 'string' }]));
        return { type: 'object', properties, required: blanks };
      }
    }
  }

  async #perform(args: JsonObject, signal: AbortSignal): Promise<TryOutcome> {
    const { of, id, item, name } = this.context;
    const { rest } = this;
    const server = { server_id: id };
    const vmcp = { vmcp_id: id };
    const asked = { name, arguments: args };
    if (item === 'resource') {
      const body = { uri: filled(name, args) };
      return resourceOutcome(
        of === 'server'
          ? await rest.call('readServerResource', { params: server, body }, signal)
          : await rest.call('readResource', { params: vmcp, body }, signal),
      );
    }
    if (item === 'prompt') {
      return promptOutcome(
        of === 'server'
          ? await rest.call('getServerPrompt', { params: server, body: asked }, signal)
          : await rest.call(
              'getPrompt',
              { params: vmcp, body: { ...asked, substitute: false } },
              signal,
            ),
      );
    }
    return toolOutcome(
      of === 'server'
        ? await rest.call('callServerTool', { params: server, body: asked }, signal)
        : await rest.call(
            'callTool',
            { params: vmcp, body: { ...asked, substitute: false } },
            signal,
          ),
    );
  }

  /** Connects a server that was never asked for what it offers. */
  async connect(): Promise<void> {
    try {
      await this.rest.call('connectServer', { params: { server_id: this.context.id } });
      await this.load();
    } catch (error) {
      this.failure = asFailure(error);
      this.changed();
    }
  }
}

function promptSchema(args: JsonValue | undefined): JsonObject {
  const list = Array.isArray(args) ? args.filter(isJsonObject) : [];
  const properties = list.map(({ name, description }) => [
    String(name),
    { type: 'string', ...(typeof description === 'string' && { description }) },
  ]);
  const required = list.flatMap(({ name, required: is }) => (is === true ? [String(name)] : []));
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

/** The names in the braces of a URI template (RFC 6570). */
function blanksOf(template: string): string[] {
  const names = [...template.matchAll(/\{[+#./;?&]?([^}]+)\}/g)].flatMap(([, inside = '']) =>
    inside.split(',').map((name) => name.replace(/(\*|:\d+)$/, '')),
  );
  return [...new Set(names)];
}

/** Good enough for a try: values are put in encoded, save where the template says otherwise. */
function filled(template: string, args: JsonObject): string {
  return template.replace(/\{([+#./;?&]?)([^}]+)\}/g, (_, operator: string, inside: string) => {
    const values = inside.split(',').map((each) => {
      const name = each.replace(/(\*|:\d+)$/, '');
      const value = String(args[name] ?? '');
      const written = operator === '+' || operator === '#' ? value : encodeURIComponent(value);
      return '?&;'.includes(operator) && operator !== '' ? `${name}=${written}` : written;
    });
    const separators: Record<string, string> = { '?': '&', '&': '&', ';': ';', '/': '/', '.': '.' };
    const first = operator === '+' ? '' : operator;
    return first + values.join(separators[operator] ?? ',');
  });
}
