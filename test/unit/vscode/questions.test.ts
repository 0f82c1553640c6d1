import assert from 'node:assert/strict';
import { checkChosen, checkTyped } from '../../../src/vscode/questions/checkField.ts';
import { foreignText, linesOf } from '../../../src/vscode/questions/foreignText.ts';

const t = (message: string, ...args: (string | number)[]) =>
  message.replace(/\{(\d)\}/g, (_, index) => String(args[Number(index)]));

const named = { name: 'n', title: 'N', description: '' };

describe('answers to questions of servers', () => {
  const text = { ...named, type: 'text', required: true } as const;

  for (const [field, good, bad] of [
    [text, ['a', ' '], ['']],
    [{ ...text, required: false }, ['', 'a'], []],
    [{ ...text, min_length: 2, max_length: 3 }, ['ab', '🙂🙂🙂'], ['🙂', 'abcd']],
    [{ ...text, format: 'email' }, ['a@b.example'], ['a', '@b', 'a b@c', 'a@b@c']],
    [{ ...text, format: 'uri' }, ['https://a.example/b', 'urn:x:y'], ['a.example', '/b']],
    [{ ...text, format: 'date' }, ['2026-01-31', '2024-02-29'], ['2026-02-31', '31.1.2026']],
    [
      { ...text, format: 'date-time' },
      ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.5+02:00'],
      ['2026-01-31', '2026-01-31T12:00:00', '2026-01-31T25:00:00Z', '2026-02-31T12:00:00Z'],
    ],
    [
      { ...named, type: 'number', required: true, integer: false, minimum: 0, maximum: 2 },
      ['0', '1.5', '2', '1e0'],
      ['', ' ', '-1', '2.1', 'x', 'Infinity', 'NaN'],
    ],
    [{ ...named, type: 'number', required: true, integer: true }, ['1', '-3'], ['1.5']],
  ] as const) {
    it(`are checked as ${JSON.stringify(field)} says`, () => {
      for (const typed of good) assert.equal(checkTyped(field, typed, t), undefined, typed);
      for (const typed of bad) assert(checkTyped(field, typed, t), typed);
    });
  }

  it('are as many choices as there may be', () => {
    const choice = { type: 'choice', required: true, many: true } as const;
    const field = { ...named, ...choice, options: [] };
    assert.equal(checkChosen(field, 0, t), undefined);
    const limited = { ...field, min_items: 1, max_items: 2 };
    assert.deepEqual(
      [0, 1, 2, 3].map((count) => checkChosen(limited, count, t)),
      ['Choose 1 or more.', undefined, undefined, 'Choose 2 or fewer.'],
    );
  });

  it('are asked for in words of which nothing becomes a link or an icon', () => {
    assert.equal(foreignText('[a](command:x) $(warning)'), '[a] (command:x) $\u200B(warning)');
  });

  it('are asked for in whole lines', () => {
    assert.deepEqual(linesOf('one two three\nfour', 8), ['one two', 'three', 'four']);
    assert.deepEqual(linesOf('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
    assert.deepEqual(linesOf('', 4), ['']);
  });
});
