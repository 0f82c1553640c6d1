import type { CompositeStep } from '../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import type { ToolContext } from '../toolRun.ts';
import { listOrObject, resultOf, type StepScope, valueOfResult } from './stepValues.ts';

/** So many calls of one `for_each` run at the same time. */
const itemsAtOnce = 5;

/** What a step gave: for later steps, and as a tool's result. */
export interface StepOutcome {
  value: JsonValue;
  result: JsonObject;
}

/** A step that failed and whose failure ends the tool. */
export class StepError extends Error {
  override readonly name = 'StepError';

  constructor({ id, tool }: CompositeStep, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Step "${id}" (${tool}) failed: ${reason}`, { cause });
  }
}

/**
 * Runs one step, the steps it needs being done.
 * @throws StepError where it failed and `on_error` is `stop`, the signal's reason
 */
export async function runStep(
  step: CompositeStep,
  scope: StepScope,
  context: ToolContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const once = (more: JsonObject) => callOnce(step, { ...scope, ...more }, context, signal);
  try {
    if (step.if !== undefined && !isTrue(await context.render(step.if, scope))) {
      return outcomeOf(null);
    }
    if (step.for_each === undefined) return await once({});
    const items = await itemsOf(step, scope, context);
    const values = await mapBounded(items, async (item, index) => {
      const { value } = await once({ item, index });
      return value;
    });
    return { value: values, result: { ...resultOf({ items: values }), ...textOf(values) } };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StepError) throw error;
    return afterFailure(step, scope, context, error);
  }
}

async function callOnce(
  step: CompositeStep,
  scope: StepScope,
  context: ToolContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  try {
    const args = await context.render(step.arguments, scope);
    signal.throwIfAborted();
    const result = await context.callTool(step.tool, isJsonObject(args) ? args : {}, signal);
    if (result.isError === true) throw new Error(errorText(result));
    return { value: valueOfResult(result), result };
  } catch (error) {
    signal.throwIfAborted();
    return afterFailure(step, scope, context, error);
  }
}

async function afterFailure(
  step: CompositeStep,
  scope: StepScope,
  context: ToolContext,
  error: unknown,
): Promise<StepOutcome> {
  switch (step.on_error) {
    case 'stop':
      throw new StepError(step, error);
    case 'continue':
      return outcomeOf(null);
    case 'fallback':
      return outcomeOf(await context.render(step.fallback ?? null, scope));
  }
}

async function itemsOf(
  step: CompositeStep,
  scope: StepScope,
  context: ToolContext,
): Promise<JsonValue[]> {
  const rendered = await context.render(step.for_each ?? '', scope);
  const items = typeof rendered === 'string' ? listOrObject(rendered) : rendered;
  if (!Array.isArray(items)) throw new Error('for_each gave no list');
  if (items.length > step.max_items) {
    throw new Error(`for_each gave ${items.length} items, more than max_items ${step.max_items}`);
  }
  return items;
}

async function mapBounded(
  items: readonly JsonValue[],
  map: (item: JsonValue, index: number) => Promise<JsonValue>,
): Promise<JsonValue[]> {
  const values: JsonValue[] = [];
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) values[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(itemsAtOnce, items.length) }, work));
  return values;
}

/** Empty text, `false`, `0`, `null` and nothing at all leave a step out. */
function isTrue(condition: JsonValue): boolean {
  if (typeof condition !== 'string') return Boolean(condition);
  return !['', 'false', '0', 'null', 'none'].includes(condition.trim().toLowerCase());
}

function outcomeOf(value: JsonValue): StepOutcome {
  return { value, result: resultOf(value) };
}

function textOf(values: JsonValue[]): JsonObject {
  return { content: [{ type: 'text', text: JSON.stringify(values) }] };
}

function errorText(result: JsonObject): string {
  const value = valueOfResult({ content: result.content });
  return typeof value === 'string' ? value : JSON.stringify(value);
}
