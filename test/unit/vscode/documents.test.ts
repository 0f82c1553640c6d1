import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { CustomPrompt } from '../../../src/contract/customItems.ts';
import {
  type ItemPlace,
  itemPath,
  parseDocumentPath,
} from '../../../src/vscode/documents/documentPath.ts';
import {
  DocumentError,
  toolText,
  withToolText,
} from '../../../src/vscode/documents/documentText.ts';
import { newItem, newPrompt } from '../../../src/vscode/documents/newItem.ts';
import { parsePromptText, promptText } from '../../../src/vscode/documents/promptText.ts';

describe('documents of custom items', () => {
  it('have paths that lead back to them', () => {
    const places: ItemPlace[] = [
      { at: 'tool', vmcp: 'dev', kind: 'python', name: 'add' },
      { at: 'tool', vmcp: 'dev', kind: 'prompt', name: 'ask' },
      { at: 'tool', vmcp: 'my dev', kind: 'http', name: 'get' },
      { at: 'tool', vmcp: 'dev', kind: 'composite', name: 'both' },
      { at: 'prompt', vmcp: 'dev', name: 'talk' },
      { at: 'resource', vmcp: 'dev', name: 'a/b%2F c.md' },
    ];
    for (const place of places) assert.deepEqual(parseDocumentPath(itemPath(place)), place);
    assert.equal(itemPath(places[0] as ItemPlace), '/dev/tools/add.py');
  });

  it('are nowhere else', () => {
    for (const path of ['/dev/other', '/dev/tools/a.txt', '/dev/tools/.py', '/dev/tools/a.py/b']) {
      assert.equal(parseDocumentPath(path), undefined, path);
    }
    assert.deepEqual(parseDocumentPath('/'), { at: 'root' });
    assert.deepEqual(parseDocumentPath('/dev/tools'), {
      at: 'folder',
      vmcp: 'dev',
      folder: 'tools',
    });
  });

  it('hold code, text or the definition, and nothing of the rest gets lost', () => {
    for (const make of [newItem.python, newItem.prompt, newItem.http, newItem.composite]) {
      const tool = { ...make('x'), description: 'Said elsewhere' };
      assert.deepEqual(withToolText(tool, toolText(tool)), tool);
    }
  });

  it('say where a definition is no JSON', () => {
    const broken = '{\n  "steps": [,]\n}';
    assert.throws(
      () => withToolText(newItem.composite('x'), broken),
      (error) => error instanceof DocumentError && error.offset === broken.indexOf(','),
    );
  });

  it('show the messages of a prompt below their roles, whatever they say', () => {
    const line = fc.constantFrom(
      'Hello',
      '',
      '<!-- user -->',
      '\\<!-- assistant -->',
      '  @param.x',
    );
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    const message = fc.record(
      { role: fc.constantFrom('user' as const, 'assistant' as const), text },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), text, (messages, single) => {
        const prompt: CustomPrompt = { name: 'p', description: '', variables: [], messages };
        const read = parsePromptText(promptText(prompt)).messages;
        assert.deepEqual(
          read?.map(({ role, text: said }) => ({ role, text: said })),
          messages,
        );
        const plain = { ...newPrompt('p'), text: single };
        assert.deepEqual(parsePromptText(promptText(plain)), { text: single });
      }),
    );
  });
});
