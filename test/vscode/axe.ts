import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Frame } from './host.ts';

interface Violation {
  id: string;
  impact: 'minor' | 'moderate' | 'serious' | 'critical' | null;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Asserts that nothing in a webview hinders people with disabilities seriously, as far as axe sees. */
export async function assertAccessible(frame: Frame): Promise<void> {
  const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await frame.evaluate(await readFile(script, 'utf8'));
  const run = 'axe.run(document, { resultTypes: ["violations"], iframes: false })';
  const { violations } = (await frame.evaluate(run)) as { violations: Violation[] };
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const texts = serious.map(({ id, help, nodes }) => {
    const places = nodes.map(({ html, failureSummary }) => `${html}\n    ${failureSummary}`);
    return `${id}: ${help}\n  ${places.join('\n  ')}`;
  });
  assert.equal(texts.join('\n'), '');
}
