import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/paths.ts';

const folder = join(repository, 'src/vscode');

/** Where VS Code shows a text: fields of its objects, and its messages. */
const fields =
  /\b(?:label|title|placeHolder|placeholder|prompt|detail|description|tooltip|openLabel|saveLabel):\s*(['"`])(.*?)\1/g;
const messages = /\bshow(?:Information|Warning|Error)Message\(\s*(['"`])(.*?)\1/g;
const errors = /\bnew Error\(\s*(['"`])(.*?)\1/g;

/** An example of what is typed, and what only a page that is not ours would ever be told. */
const exceptions = new Set(['curl https://…', 'This page cannot ask for “${name}”.']);

/** Single words are names and icons; what stands in templates is translated there. */
function isSentence(text: string): boolean {
  if (exceptions.has(text)) return false;
  return /[A-Za-z]{2,} [a-z]/.test(text.replace(/\$\{.*|\$\([^)]*\)/g, ''));
}

describe('what the extension shows', () => {
  it('is translatable: no text for people stands outside of l10n', () => {
    const found: string[] = [];
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const source = readFileSync(join(folder, file), 'utf8');
      for (const pattern of [fields, messages, errors]) {
        for (const [, , text = ''] of source.matchAll(pattern)) {
          if (isSentence(text)) found.push(`${file}: ${text}`);
        }
      }
    }
    assert.deepEqual(found, []);
  });
});
