import type { JsonValue } from '../../contract/json.ts';
import { convertArgument } from './argumentTypes.ts';
import { type Awaited, Composer, type RenderedTemplate, Unfinished } from './composer.ts';
import { embeddedText } from './embeddedText.ts';
import { describePlace } from './location.ts';
import type { Frame } from './lookUp.ts';
import { type ReadyReference, ReferenceCalls } from './referenceCalls.ts';
import {
  type ContentPart,
  joinTexts,
  type ReferenceResult,
  resultParts,
  resultText,
  resultValue,
  sizeOf,
  textPart,
} from './referenceResult.ts';
import type { ArgumentValue, AwaitedReference, Problem, Template } from './template.ts';
import { TemplateError, UnresolvedError } from './templateError.ts';
import type { TemplateScope } from './templateScope.ts';

export interface RenderOptions {
  /** Where the template stands, for messages, e.g. `arguments`. */
  place: string;
  /** What does not resolve stays as written. */
  lenient: boolean;
  /** For all references together. */
  timeoutMs: number;
}

/**
 * Renders templates that belong together: first everything at hand is put in, which finds what is
 * missing before anything is called; then tools, resources and prompts are asked.
 */
export class Rendering {
  readonly #composer: Composer;
  #calls: ReferenceCalls | undefined;

  constructor(
    private readonly scope: TemplateScope,
    private readonly options: RenderOptions,
  ) {
    this.#composer = new Composer(scope);
  }

  /** @throws TemplateError for a malformed template, too */
  compose(template: Template, place = this.options.place): JsonValue | Unfinished {
    const { lenient } = this.options;
    const problem = lenient ? undefined : template.problems.find(isError);
    if (!problem) return this.#composer.compose({ template, place, lenient });
    throw new TemplateError(problem.message, describePlace(place, template.whole, problem));
  }

  async finish(unfinished: Unfinished): Promise<JsonValue> {
    const results = await this.#results(unfinished);
    const [first] = results;
    if (unfinished.isWhole && typeof first === 'object') return resultValue(first);
    const { place } = unfinished.of;
    let text = '';
    for (const result of results) {
      const next = typeof result === 'string' ? result : textOf(result, place);
      // The outputs between are counted already.
      if (typeof result !== 'string') this.#composer.count(next.length, place);
      text += next;
    }
    return text;
  }

  /** Like `finish`, but what is no text stays content of its own. */
  async finishParts(unfinished: Unfinished): Promise<ContentPart[]> {
    const results = await this.#results(unfinished);
    const parts = results.flatMap((result) => {
      if (typeof result === 'string') return [textPart(result)];
      const found = resultParts(result);
      for (const part of found) this.#composer.count(sizeOf(part), unfinished.of.place);
      return found;
    });
    return joinTexts(parts, '');
  }

  /** Ends what still runs; for a rendering that failed. */
  stop(): void {
    this.#calls?.stop();
  }

  #results(unfinished: Unfinished): Promise<(string | ReferenceResult)[]> {
    return Promise.all(
      unfinished.outputs.map((output) =>
        typeof output === 'string' ? output : this.#ask(unfinished.of, output),
      ),
    );
  }

  async #ask(
    { template, place, lenient }: RenderedTemplate,
    { reference, frame }: Awaited,
  ): Promise<ReferenceResult | string> {
    if (lenient && isMalformed(reference, template)) return reference.written;
    const where = () => describePlace(place, template.whole, reference);
    try {
      const ready = await this.#ready(reference, { place, where, frame });
      this.#calls ??= new ReferenceCalls(this.scope, this.options.timeoutMs);
      return await this.#calls.result(ready, where);
    } catch (error) {
      if (lenient && error instanceof UnresolvedError) return reference.written;
      throw error;
    }
  }

  async #ready(reference: AwaitedReference, inside: Inside): Promise<ReadyReference> {
    const { kind } = reference;
    if (kind === 'resource') {
      const name = embeddedText(await this.#settled(reference.name, inside));
      return { kind, name, arguments: {} };
    }
    const entries = reference.arguments.map(async ({ name, type, value }) => {
      const rendered = await this.#argumentValue(value, inside);
      const converted = type === undefined ? rendered : convertArgument(rendered, type);
      if (converted !== undefined) return [name, converted] as const;
      const shown = JSON.stringify(rendered).slice(0, 100);
      throw new TemplateError(`Argument “${name}” must be ${type}, not ${shown}`, inside.where());
    });
    const args = Object.fromEntries(await Promise.all(entries));
    return { kind, name: reference.name, arguments: args };
  }

  async #argumentValue(value: ArgumentValue, inside: Inside): Promise<JsonValue> {
    if (value.kind === 'constant') return value.value;
    if (value.kind === 'template') return await this.#settled(value.template, inside);
    if (value.kind === 'list') {
      return await Promise.all(value.items.map((item) => this.#argumentValue(item, inside)));
    }
    const members = value.members.map(
      async ([name, member]) => [name, await this.#argumentValue(member, inside)] as const,
    );
    return Object.fromEntries(await Promise.all(members));
  }

  /** A template inside of a reference; what is missing there is missing for the reference. */
  async #settled(template: Template, { place, frame }: Inside): Promise<JsonValue> {
    const composed = this.#composer.compose({ template, place, lenient: false }, frame);
    return composed instanceof Unfinished ? await this.finish(composed) : composed;
  }
}

/** What the templates inside of a reference are rendered with. */
interface Inside {
  place: string;
  /** The reference's place, worked out for messages only. */
  where: () => string;
  frame: Frame | undefined;
}

function textOf(result: ReferenceResult, place: string): string {
  const text = resultText(result);
  if (text !== undefined) return text;
  const types = [...new Set(result.parts.map(({ type }) => type))].join(', ');
  throw new TemplateError(`${result.from} gives no text (${types}), and stands in a text`, place);
}

/** Whether something is wrong inside of a reference. */
function isMalformed({ start, end }: AwaitedReference, { problems }: Template): boolean {
  return problems.some((problem) => problem.start >= start && problem.end <= end);
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
