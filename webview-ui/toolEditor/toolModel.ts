import type { ServerEvent } from '../../src/contract/events.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/contract/json.ts';
import type { CheckedTool, TemplateNames } from '../../src/contract/operations.ts';
import type { Vmcp } from '../../src/contract/vmcps.ts';
import type { LinkStatus } from '../../src/contract/webview/messages.ts';
import type { ToolEditorContext } from '../../src/contract/webview/toolEditor.ts';
import { errorAt, type PlacedError, placesOf } from '../shared/errorPlaces.ts';
import { own, withMember } from '../shared/own.ts';
import { asFailure, type RequestFailure } from '../shared/requestFailure.ts';
import type { Rest } from '../shared/rest.ts';
import { promptOutcome, toolOutcome } from '../shared/tryOut/outcome.ts';
import { TryModel, type TryOutcome } from '../shared/tryOut/tryModel.ts';
import type { WindowLink } from '../shared/windowLink.ts';
import { type FormPath, pathText, valueAt, withValueAt } from './formPath.ts';
import { promptCheck } from './promptCheck.ts';
import { draftOf, editsOf, fieldsOf, isSame, mergeFields, type ToolEdits } from './toolDraft.ts';

/** A pause in typing, after which the definition is checked. */
const checkMs = 400;

/** The state of the editor of one custom tool or prompt. */
export class ToolModel {
  readonly context: ToolEditorContext;
  readonly trying: TryModel;
  edits: ToolEdits | undefined;
  /** The item as the server holds it. */
  saved: JsonObject | undefined;
  /** What steps can call, once it is known. */
  names: TemplateNames | undefined;
  failure: RequestFailure | undefined;
  conflicts: readonly string[] = [];
  removed = false;
  saving = false;
  /** Counts up when something was saved, so that it can be read out. */
  saves = 0;
  linkStatus: LinkStatus = { status: 'connected', message: '' };
  #problems: readonly PlacedError[] = [];
  #refused: readonly PlacedError[] = [];
  #texts: Record<string, string> = {};
  #checkTimer: number | undefined;
  #checks = 0;

  constructor(
    private readonly link: WindowLink,
    private readonly rest: Rest,
    /** Called after each change. */
    private readonly changed: () => void,
  ) {
    this.context = link.context as ToolEditorContext;
    this.edits = editsOf(link.firstDraft);
    this.trying = new TryModel(
      (args, signal) => this.#try(args, signal),
      () => {
        link.keepView({ arguments: this.trying.values });
        changed();
      },
      link.firstView.arguments,
    );
    link.onEvent = (event) => this.#follow(event);
    link.onLink = (status) => {
      const returned = this.linkStatus.status !== 'connected' && status.status === 'connected';
      this.linkStatus = status;
      if (returned) void this.load();
      changed();
    };
    // The text may have been typed on in the editor beside.
    window.addEventListener('focus', () => this.#checkSoon(0));
    document.documentElement.addEventListener('pointerenter', () => this.#checkSoon(0));
  }

  get kind(): string {
    return typeof this.saved?.tool_type === 'string' ? this.saved.tool_type : 'own prompt';
  }

  get dirty(): boolean {
    const { edits } = this;
    return edits !== undefined && !isSame(edits.base, edits.fields);
  }

  /** Whether inputs hold what is no value. */
  get unreadable(): boolean {
    return Object.keys(this.#texts).length > 0;
  }

  /** Shows what the window knows, and reads the rest. */
  start(): Promise<void> {
    if (this.link.known) this.#take(this.link.known as unknown as Vmcp);
    return this.load();
  }

  async load(): Promise<void> {
    const params = { vmcp_id: this.context.vmcp_id };
    const readVmcp = async () => this.#take(await this.rest.call('getVmcp', { params }));
    const readNames = async () => {
      this.names = await this.rest.call('listTemplateNames', { params });
      this.changed();
    };
    try {
      await Promise.all([readVmcp(), readNames()]);
    } catch (error) {
      this.failure = asFailure(error);
      this.changed();
    }
  }

  get(path: FormPath): JsonValue | undefined {
    return valueAt(this.edits?.fields, path);
  }

  set(path: FormPath, value: JsonValue | undefined): void {
    if (!this.edits) return;
    const fields = withValueAt(this.edits.fields, path, value);
    const lostSecret = this.edits.lostSecret && path[1] !== 'auth';
    this.edits = { ...this.edits, fields, lostSecret };
    this.#refused = [];
    // Lists move what stands behind: texts of inputs would no longer be those of their fields.
    const place = pathText(path);
    this.#texts = Object.fromEntries(
      Object.entries(this.#texts).filter(([key]) => key !== place && !key.startsWith(`${place}.`)),
    );
    this.#keep();
    this.#checkSoon();
  }

  text(path: FormPath): string | undefined {
    return own(this.#texts, pathText(path));
  }

  /** Keeps the text of an input that is no value (yet). */
  setText(path: FormPath, text: string): void {
    this.#texts = withMember(this.#texts, pathText(path), text);
    this.changed();
  }

  problem(path: FormPath): string | undefined {
    const place = pathText(path);
    return errorAt(this.#refused, place) ?? errorAt(this.#problems, place);
  }

  /** What is wrong in the document, or with the tool as a whole. */
  get otherProblems(): string[] {
    const places = ['', 'code', 'text', 'messages', 'steps', 'name'];
    const all = [...this.#refused, ...this.#problems].filter(({ path }) => places.includes(path));
    return [...new Set(all.map(({ path, message }) => (path ? `${path}: ${message}` : message)))];
  }

  async save(): Promise<void> {
    const { edits } = this;
    if (!edits || !this.dirty || this.saving || this.unreadable) return;
    if (this.conflicts.length > 0) return;
    this.saving = true;
    this.failure = undefined;
    this.#refused = [];
    this.changed();
    try {
      const input = { context: { ...this.context }, fields: edits.fields };
      const item = (await this.link.request('window', 'save', input)) as JsonObject;
      const base = fieldsOf(item);
      // What was typed while it was saved stands on what was saved.
      const typedOn = this.edits && !isSame(this.edits.fields, edits.fields);
      const fields = typedOn && this.edits ? this.edits.fields : base;
      this.edits = { base, fields, lostSecret: false };
      this.saved = item;
      this.saves += 1;
      this.#keep();
    } catch (error) {
      this.failure = asFailure(error);
      this.#refused = placesOf(this.failure).map(({ path, message }) => ({
        path: path.replace(/^custom_(?:tools|prompts)\.\d+\.?/, ''),
        message,
      }));
    } finally {
      this.saving = false;
      this.changed();
    }
  }

  discard(): void {
    this.edits = undefined;
    this.#texts = {};
    this.#refused = [];
    this.conflicts = [];
    this.failure = undefined;
    if (this.saved) this.#begin(this.saved);
    this.#checkSoon();
  }

  /** Ends the conflicts: mine stays, or theirs comes in its place. */
  resolve(keep: 'mine' | 'theirs'): void {
    const names = this.conflicts;
    this.conflicts = [];
    const { edits } = this;
    if (keep === 'theirs' && edits) {
      const fields = names.reduce(
        (next, name) => withValueAt(next, [name], edits.base[name]),
        edits.fields,
      );
      this.edits = { ...edits, fields };
    }
    this.#keep();
  }

  /** Has the window do something about this item. */
  ask(action: 'openText' | 'rename'): void {
    this.link.request('window', action, { ...this.context }).catch((error: unknown) => {
      this.failure = asFailure(error);
      this.changed();
    });
  }

  #take(vmcp: Vmcp): void {
    const { item, name } = this.context;
    const list = (item === 'tool' ? vmcp.custom_tools : vmcp.custom_prompts) as {
      name: string;
    }[];
    const found = list.find((one) => one.name === name) as JsonObject | undefined;
    this.removed = found === undefined;
    this.failure = undefined;
    if (found) {
      this.saved = found;
      this.#begin(found);
      this.#checkSoon(0);
    } else this.changed();
  }

  #begin(item: JsonObject): void {
    const theirs = fieldsOf(item);
    const { edits } = this;
    if (edits && this.dirty) {
      const { fields, conflicts } = mergeFields(edits, theirs);
      this.conflicts = [...new Set([...this.conflicts, ...conflicts])];
      this.edits = { ...edits, base: theirs, fields };
    } else {
      this.edits = { base: theirs, fields: theirs, lostSecret: false };
    }
    this.#keep();
  }

  async #try(args: JsonObject, signal: AbortSignal): Promise<TryOutcome> {
    const { vmcp_id, item, name } = this.context;
    const params = { vmcp_id };
    if (item === 'prompt') {
      const body = { name: `vmcp.${name}`, arguments: args, substitute: false };
      return promptOutcome(await this.rest.call('getPrompt', { params, body }, signal));
    }
    const tool = (await this.#current()) as never;
    const body = { tool, arguments: args };
    const tried = await this.rest.call('tryCustomTool', { params, body }, signal);
    const { result, printed, resolved_request } = tried;
    return { ...toolOutcome(result), printed, request: resolved_request };
  }

  /** The tool as it is typed: the fields here, the text in its editor. */
  async #current(): Promise<JsonObject> {
    const input = { ...this.context };
    const written = (await this.link.request('window', 'withOpenText', input)) as JsonObject;
    const { base = {}, fields = {} } = this.edits ?? {};
    // The document of a request or of steps is the whole definition: what is edited here stands above.
    const changes = Object.entries(fields).filter(([name, value]) => !isSame(value, base[name]));
    return { ...written, ...Object.fromEntries(changes) };
  }

  #checkSoon(ms = checkMs): void {
    clearTimeout(this.#checkTimer);
    this.#checkTimer = window.setTimeout(() => void this.#check(), ms);
  }

  async #check(): Promise<void> {
    if (this.context.item === 'prompt') return this.#takeCheck(promptCheck(this.edits?.fields));
    this.#checks += 1;
    const check = this.#checks;
    try {
      const tool = await this.#current();
      const params = { vmcp_id: this.context.vmcp_id };
      const checked = await this.rest.call('checkTool', { params, body: { tool } });
      // A later one has begun meanwhile: it knows better.
      if (check === this.#checks) this.#takeCheck(checked);
    } catch (error) {
      if (check !== this.#checks || this.removed) return;
      this.failure = asFailure(error);
      this.changed();
    }
  }

  #takeCheck({ problems, input_schema }: Omit<CheckedTool, 'description'>): void {
    this.#problems = problems;
    const isKnown = problems.length === 0 || isJsonObject(input_schema.properties);
    if (isKnown) this.trying.schema = input_schema;
    this.changed();
  }

  #follow(event: ServerEvent): void {
    if (event.type === 'vmcp.removed') {
      this.removed = true;
      this.changed();
    } else if (!this.saving) void this.load();
  }

  #keep(): void {
    this.link.keepDraft(this.edits && this.dirty ? draftOf(this.edits) : null);
    this.changed();
  }
}
