import assert from 'node:assert/strict';
import { freeName, validateName } from '../../../src/vscode/commands/validateName.ts';
import { t } from './builders.ts';

describe('names', () => {
  it('are refused where illegal or taken in any case', () => {
    assert.equal(validateName('My server_1', ['other'], t), undefined);
    assert.match(validateName('a.b', [], t) ?? '', /letters/);
    assert.match(validateName('', [], t) ?? '', /letters/);
    assert.equal(validateName('FILES', ['files'], t), 'The name “files” is taken.');
  });

  it('are made free by a number', () => {
    assert.equal(freeName('a', []), 'a');
    assert.equal(freeName('a', ['A', 'a 2']), 'a 3');
    assert.equal(freeName('x'.repeat(64), ['x'.repeat(64)]).length, 64);
  });
});
