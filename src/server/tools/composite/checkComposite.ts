import type { CompositeTool } from '../../../contract/customItems.ts';
import { type ItemProblem, textProblems, valueProblems } from '../itemProblem.ts';
import { dependencies, findCycle, referredSteps, textsOf } from './stepReferences.ts';

/** What is wrong with the steps of a composite tool; whether their tools exist shows when they run. */
export function checkComposite(tool: CompositeTool): ItemProblem[] {
  const problems: ItemProblem[] = [];
  const ids = new Set<string>();
  for (const [index, { id, tool: name }] of tool.steps.entries()) {
    const path = `steps.${index}`;
    if (ids.has(id)) problems.push({ path: `${path}.id`, message: `two steps are called "${id}"` });
    ids.add(id);
    if (name === tool.name || name === `vmcp.${tool.name}`) {
      problems.push({ path: `${path}.tool`, message: 'a composite tool cannot call itself' });
    }
  }
  for (const [index, step] of tool.steps.entries()) {
    const path = `steps.${index}`;
    problems.push(
      ...textProblems(step.if, `${path}.if`),
      ...textProblems(step.for_each, `${path}.for_each`),
      ...valueProblems(step.arguments, `${path}.arguments`),
      ...valueProblems(step.fallback, `${path}.fallback`),
      ...unknownSteps(textsOf(step), ids, path),
    );
  }
  const cycle = findCycle(dependencies(tool.steps));
  if (cycle) {
    problems.push({ path: 'steps', message: `steps wait for each other: ${cycle.join(' → ')}` });
  }
  return [
    ...problems,
    ...textProblems(tool.output, 'output'),
    ...unknownSteps([tool.output ?? ''], ids, 'output'),
  ];
}

function unknownSteps(
  texts: readonly string[],
  known: ReadonlySet<string>,
  path: string,
): ItemProblem[] {
  const unknown = texts.flatMap(referredSteps).find((id) => id !== undefined && !known.has(id));
  return unknown === undefined ? [] : [{ path, message: `there is no step "${unknown}"` }];
}
