import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './paths.ts';

/** A call of `l10n.t` or of a `t` that was handed on, with the first text in it. */
const call = /\bt\(\s*(?:[^'"`(){};]*\?\s*)?(['"`])((?:\\.|(?!\1).)*)\1/gs;

/** The texts for people that stand in the windows' sources, as they are looked up in translations. */
export function shownTexts(): Set<string> {
  const texts = new Set<string>();
  for (const folder of ['src', 'webview-ui']) {
    const files = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = readFileSync(join(repository, folder, file), 'utf8');
      for (const [, , text = ''] of source.matchAll(call)) {
        texts.add(text.replace(/\\(['"`])/g, '$1').replaceAll('\\n', '\n'));
      }
    }
  }
  return texts;
}
