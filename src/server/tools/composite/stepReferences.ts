import type { CompositeStep } from '../../../contract/customItems.ts';
import type { JsonValue } from '../../../contract/json.ts';

const stepTag = /\{\{\{?\s*[#^]?\s*steps(?:\.([A-Za-z_][A-Za-z0-9_]*))?(?![A-Za-z0-9_])/g;

/** The steps whose results a text uses; undefined stands for all of them. */
export function referredSteps(text: string): (string | undefined)[] {
  return [...text.matchAll(stepTag)].map(([, id]) => id);
}

/**
 * The steps that must be done before each: those that its templates mention as `{{steps.<id>}}`.
 * `{{#steps}}` without an id waits for all steps before it.
 */
export function dependencies(steps: readonly CompositeStep[]): Map<string, ReadonlySet<string>> {
  const known = new Set(steps.map(({ id }) => id));
  return new Map(
    steps.map((step, index) => {
      const earlier = steps.slice(0, index).map(({ id }) => id);
      const mentioned = textsOf(step).flatMap(referredSteps);
      const needed = mentioned.flatMap((id) => (id === undefined ? earlier : [id]));
      return [step.id, new Set(needed.filter((id) => known.has(id)))];
    }),
  );
}

/** Every template of a step. */
export function textsOf(step: CompositeStep): string[] {
  return [step.if, step.for_each, step.arguments, step.fallback].flatMap(stringsIn);
}

/** The ids along a cycle of steps that wait for each other, the first one twice; undefined: none. */
export function findCycle(needs: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): string[] | undefined => {
    const start = trail.indexOf(id);
    if (start >= 0) return [...trail.slice(start), id];
    if (done.has(id)) return undefined;
    for (const next of needs.get(id) ?? []) {
      const cycle = visit(next, [...trail, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of needs.keys()) {
    const cycle = visit(id, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function stringsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
