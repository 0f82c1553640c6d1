/** The answer of a step whose back button was pressed. */
export const back = Symbol('back');
export type Back = typeof back;

/** How a step ended: `back` goes to the one before, undefined ends them all. */
export type StepOutcome = 'next' | Back | undefined;
export type Step = () => Promise<StepOutcome>;

/**
 * Takes the steps one after the other, and back. Each keeps its own answer, so that one that is come
 * back to shows what was entered.
 * @returns `next` after the last one, `back` from the first one
 */
export async function takeSteps(steps: readonly Step[]): Promise<StepOutcome> {
  for (let at = 0; at < steps.length; ) {
    const outcome = await steps[at]?.();
    if (outcome === undefined) return undefined;
    at += outcome === back ? -1 : 1;
    if (at < 0) return back;
  }
  return 'next';
}

/** Which step of how many, as the title shows it. */
export interface StepPlace {
  title: string;
  step?: number;
  totalSteps?: number;
  /** Whether there is a step before. */
  canGoBack?: boolean;
}
