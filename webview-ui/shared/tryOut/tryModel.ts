import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { isJsonObject } from '../../../src/contract/json.ts';
import { own, withMember } from '../own.ts';
import { asFailure, type RequestFailure } from '../requestFailure.ts';
import { inputKind, parseValue } from '../typedValue.ts';

/** What a try came to. */
export interface TryOutcome {
  /** Content blocks of MCP, those of prompts with the role that says them. */
  blocks: { role?: string; block: JsonObject }[];
  structured?: JsonValue | undefined;
  isError: boolean;
  /** What the tool printed (Python). */
  printed?: string | undefined;
  /** The request as it was sent (HTTP). */
  request?: JsonObject | undefined;
}

export type TryState =
  | { at: 'idle' }
  | { at: 'running'; since: number; abort: AbortController }
  | { at: 'done'; outcome: TryOutcome; ms: number }
  | { at: 'failed'; failure: RequestFailure; ms: number }
  | { at: 'cancelled' };

/** Arguments that are typed in, and what came of them. */
export class TryModel {
  schema: JsonObject = { type: 'object' };
  state: TryState = { at: 'idle' };
  /** Shown where a run was asked for and an argument has no value. */
  asked = false;
  #values: Record<string, JsonValue>;
  #texts: Record<string, string> = {};

  constructor(
    /** Performs one try with these arguments. @throws RequestFailure */
    private readonly perform: (args: JsonObject, signal: AbortSignal) => Promise<TryOutcome>,
    private readonly changed: () => void,
    first: JsonValue | undefined,
  ) {
    this.#values = isJsonObject(first) ? (first as Record<string, JsonValue>) : {};
  }

  /** Each argument with what is known of it, in the schema's order. */
  get arguments(): { name: string; schema: JsonValue | undefined; required: boolean }[] {
    const { properties, required } = this.schema;
    const names = Array.isArray(required) ? required : [];
    return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, schema]) => ({
      name,
      schema,
      required: names.includes(name),
    }));
  }

  /** As they are kept over reloads. */
  get values(): JsonObject {
    return this.#values;
  }

  value(name: string): JsonValue | undefined {
    return own(this.#values, name);
  }

  text(name: string): string | undefined {
    return own(this.#texts, name);
  }

  setValue(name: string, value: JsonValue | undefined): void {
    this.#values = withMember(this.#values, name, value);
    this.#texts = withMember(this.#texts, name, undefined);
    this.changed();
  }

  /** Keeps what is no value (yet). */
  setText(name: string, text: string): void {
    if (text === '') this.setValue(name, undefined);
    else {
      this.#texts = withMember(this.#texts, name, text);
      this.changed();
    }
  }

  /** What keeps the arguments from being sent. */
  problem(name: string): 'missing' | 'unreadable' | undefined {
    const argument = this.arguments.find((one) => one.name === name);
    const text = this.text(name);
    if (text !== undefined && 'problem' in parseValue(text, inputKind(argument?.schema))) {
      return 'unreadable';
    }
    const isMissing = argument?.required === true && this.value(name) === undefined;
    return isMissing && inputKind(argument.schema) !== 'text' ? 'missing' : undefined;
  }

  async run(): Promise<void> {
    if (this.state.at === 'running') return;
    this.asked = true;
    if (this.arguments.some(({ name }) => this.problem(name) !== undefined)) return this.changed();
    const abort = new AbortController();
    const since = performance.now();
    this.state = { at: 'running', since, abort };
    this.changed();
    let next: TryState;
    try {
      const outcome = await this.perform(this.#sent(), abort.signal);
      next = { at: 'done', outcome, ms: performance.now() - since };
    } catch (error) {
      next = { at: 'failed', failure: asFailure(error), ms: performance.now() - since };
    }
    if (abort.signal.aborted) next = { at: 'cancelled' };
    this.state = next;
    this.changed();
  }

  cancel(): void {
    if (this.state.at === 'running') this.state.abort.abort();
  }

  /** A required text that is left empty is an empty text; everything else is left out. */
  #sent(): JsonObject {
    const entries = this.arguments.flatMap(({ name, required }): [string, JsonValue][] => {
      const value = this.value(name) ?? (required ? '' : undefined);
      return value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(entries);
  }
}
