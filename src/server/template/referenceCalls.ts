import type { JsonObject, JsonValue } from '../../contract/json.ts';
import { type ReferenceResult, readResult } from './referenceResult.ts';
import type { AwaitedReference } from './template.ts';
import { TemplateError, UnresolvedError } from './templateError.ts';
import type { ReferenceResolver, TemplateScope } from './templateScope.ts';

/** A reference whose name and arguments are rendered. */
export interface ReadyReference {
  kind: AwaitedReference['kind'];
  name: string;
  arguments: JsonObject;
}

const maxParallel = 32;
const maxDistinct = 1000;

/**
 * Evaluates the references of one rendering: each distinct one once, many at a time, within one time
 * limit for all of them, and none any more once one failed.
 */
export class ReferenceCalls {
  readonly #results = new Map<string, Promise<ReferenceResult>>();
  readonly #stop = new AbortController();
  readonly #timeout: AbortSignal;
  readonly #signal: AbortSignal;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly scope: TemplateScope,
    private readonly timeoutMs: number,
  ) {
    this.#timeout = AbortSignal.timeout(timeoutMs);
    this.#signal = AbortSignal.any([scope.signal, this.#stop.signal, this.#timeout]);
  }

  /**
   * @param place where the reference stands, for the message
   * @throws UnresolvedError, TemplateError, or the scope's reason to abort
   */
  result(reference: ReadyReference, place: () => string): Promise<ReferenceResult> {
    const { references } = this.scope;
    if (!references) {
      throw new UnresolvedError(
        `@${reference.kind}(${reference.name}) cannot be used here`,
        place(),
      );
    }
    const key = JSON.stringify([reference.kind, reference.name, sorted(reference.arguments)]);
    const known = this.#results.get(key);
    if (known) return known;
    if (this.#results.size >= maxDistinct) {
      throw new TemplateError(`More than ${maxDistinct} references are to be evaluated`, place());
    }
    const result = this.#inSlot(() => this.#evaluate(reference, references, place));
    this.#results.set(key, result);
    return result;
  }

  /** Ends what still runs. */
  stop(): void {
    this.#stop.abort();
  }

  async #evaluate(
    reference: ReadyReference,
    references: ReferenceResolver,
    place: () => string,
  ): Promise<ReferenceResult> {
    const { kind, name } = reference;
    try {
      this.#signal.throwIfAborted();
      const answer = ask(references, reference, this.scope, this.#signal);
      return readResult(kind, `@${kind}(${name})`, await untilAborted(answer, this.#signal));
    } catch (error) {
      this.scope.signal.throwIfAborted();
      if (error instanceof UnresolvedError) throw error;
      const cause = error instanceof Error ? error : new Error(String(error));
      const what = this.#timeout.aborted
        ? `was not done after ${this.timeoutMs / 1000} s, the limit for the whole template`
        : `failed: ${cause.message}`;
      throw new TemplateError(`@${kind}(${name}) ${what}`, place(), { cause });
    }
  }

  async #inSlot<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#running < maxParallel) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

function ask(
  references: ReferenceResolver,
  { kind, name, arguments: args }: ReadyReference,
  { trail }: TemplateScope,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (kind === 'resource') return references.resource(name, trail, signal);
  return references[kind](name, args, trail, signal);
}

/** A resolver may be slow to notice its signal; rendering is not. */
function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const settled = () => signal.removeEventListener('abort', stop);
    promise.then(resolve, reject).finally(settled);
  });
}

/** The value with the members of objects in order, so that equal arguments have equal JSON. */
function sorted(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
