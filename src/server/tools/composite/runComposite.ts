import type { CompositeTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { errorResult } from '../errorResult.ts';
import type { ToolContext, ToolOutcome } from '../toolRun.ts';
import { runStep, StepError, type StepOutcome } from './runStep.ts';
import { dependencies } from './stepReferences.ts';
import { resultOf } from './stepValues.ts';

/** All steps together. */
const timeLimitMs = 10 * 60_000;

/**
 * Runs the steps of a composite tool, each as soon as those it mentions are done, and gives its
 * `output`, else what the last step gave. In templates a step's result is `{{steps.<id>}}` (see
 * `valueOfResult`), a part of it `{{steps.<id>.name}}`; a string that is one such tag and nothing else is the
 * value with its JSON type. A step that is left out, or failed with `continue`, gives null.
 */
export async function runComposite(
  tool: CompositeTool,
  context: ToolContext,
): Promise<ToolOutcome> {
  const run = new CompositeRun(tool, context);
  try {
    return { result: await run.result() };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof StepError) && !isTimeout(error)) throw error;
    const text = error instanceof StepError ? error.message : timeoutText;
    return { result: errorResult(text) };
  }
}

const timeoutText = `The steps took longer than ${timeLimitMs / 60_000} minutes`;

class CompositeRun {
  readonly #outcomes = new Map<string, StepOutcome>();
  readonly #started = new Map<string, Promise<void>>();
  readonly #needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ends the other steps when one fails. */
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(
    private readonly tool: CompositeTool,
    private readonly context: ToolContext,
  ) {
    this.#needs = dependencies(tool.steps);
    const limit = AbortSignal.timeout(timeLimitMs);
    this.#signal = AbortSignal.any([context.signal, this.#stop.signal, limit]);
  }

  async result(): Promise<JsonObject> {
    const { steps, output } = this.tool;
    try {
      await Promise.all(steps.map(({ id }) => this.#done(id)));
    } catch (error) {
      this.#stop.abort(error);
      throw error;
    }
    if (output !== undefined) {
      return resultOf(await this.context.render(output, this.#scope()));
    }
    return this.#outcomes.get(steps.at(-1)?.id ?? '')?.result ?? resultOf(null);
  }

  #done(id: string): Promise<void> {
    const started = this.#started.get(id) ?? this.#run(id);
    this.#started.set(id, started);
    return started;
  }

  async #run(id: string): Promise<void> {
    const step = this.tool.steps.find((candidate) => candidate.id === id);
    if (!step) return;
    await Promise.resolve(); // `#started` must know this step before it waits for others
    await Promise.all([...(this.#needs.get(id) ?? [])].map((needed) => this.#done(needed)));
    this.#signal.throwIfAborted();
    this.#outcomes.set(id, await runStep(step, this.#scope(), this.context, this.#signal));
    this.context.progress(this.#outcomes.size, this.tool.steps.length, `Step "${id}" is done`);
  }

  #scope(): { steps: JsonObject } {
    const steps = [...this.#outcomes].map(([id, { value }]) => [id, value] as const);
    return { steps: Object.fromEntries(steps) };
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
