import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/paths.ts';
import { shownTexts } from '../../support/shownTexts.ts';

type Texts = Record<string, string>;

/** Texts that came after the last translation are shown in English meanwhile. */
const leastShare = 0.95;

describe('the German translation', () => {
  const read = (name: string): Texts => JSON.parse(readFileSync(join(repository, name), 'utf8'));
  const english = read('package.nls.json');
  const german = read('package.nls.de.json');
  const bundle = read('l10n/bundle.l10n.de.json');

  it('knows most of what the windows and the manifest say', () => {
    for (const [texts, translated] of [
      [[...shownTexts()], bundle],
      [Object.keys(english), german],
    ] as const) {
      const missing = texts.filter((text) => !Object.hasOwn(translated, text));
      assert(missing.length <= (1 - leastShare) * texts.length, missing.join('\n'));
    }
  });

  it('holds nothing that nobody says any more', () => {
    const shown = shownTexts();
    const old = Object.keys(bundle).filter((text) => !shown.has(text));
    const oldKeys = Object.keys(german).filter((key) => !Object.hasOwn(english, key));
    assert(old.length <= (1 - leastShare) * shown.size, old.join('\n'));
    assert.deepEqual(oldKeys, []);
  });

  it('puts the same values in, and leads to the same commands', () => {
    const marks = (text: string) =>
      (text.match(/\{+[\w.]+\}+|\(command:[\w.]+\)|`[^`]+`/g) ?? []).sort();
    for (const [text, translated] of [
      ...Object.entries(bundle),
      ...Object.entries(german).map(([key, value]) => [english[key] ?? '', value] as const),
    ]) {
      assert.deepEqual(marks(translated), marks(text), translated);
    }
  });
});
