import { renderTemplate } from '../../src/server/template/renderTemplate.ts';
import { RenderTrail } from '../../src/server/template/renderTrail.ts';
import { TemplateCache } from '../../src/server/template/templateCache.ts';
import type { TemplateScope } from '../../src/server/template/templateScope.ts';
import { median, type Report } from './report.ts';

const referencesOf = (index: number) =>
  index % 2 === 0 ? `@param.value${index}` : `@config:value${index}`;
const variableOf = (index: number) => `{{param.value${index}}}`;

/** Rendering of a text of 2 kB with 20 references to values, warm, with plain references and in Mustache. */
export async function measureTemplates(report: Report): Promise<void> {
  for (const [what, written] of [
    ['references', referencesOf],
    ['references, half of them in Mustache', mixed],
  ] as const) {
    report.check({
      what: `template of 2 kB, 20 ${what}`,
      value: await timeRendering(textOf(written)),
      unit: 'ms',
      atMost: 0.2,
    });
  }
}

function mixed(index: number): string {
  return index % 2 === 0 ? variableOf(index) : referencesOf(index);
}

function textOf(written: (index: number) => string): string {
  const parts = Array.from(
    { length: 20 },
    (_, index) => `${written(index)} ${'lorem '.repeat(13)}`,
  );
  return parts.join('\n');
}

/** Milliseconds for one rendering, the look-up of the parsed template included. */
async function timeRendering(text: string): Promise<number> {
  const cache = new TemplateCache();
  const rounds: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const began = performance.now();
    for (let run = 0; run < 500; run += 1) await renderTemplate(cache.parse(text), scope());
    rounds.push((performance.now() - began) / 500);
  }
  return median(rounds.slice(5));
}

const values = new Map<string, string | number>(
  Array.from({ length: 20 }, (_, index) => [`value${index}`, index % 3 === 0 ? index : 'Ada']),
);

function scope(): TemplateScope {
  return {
    param: (name) => values.get(name),
    config: (name) => values.get(name),
    isOptional: () => false,
    trail: RenderTrail.start,
    signal: new AbortController().signal,
  };
}
