import { strict as assert } from 'node:assert';
import { isOnlyReferences } from '../../../src/server/template/isOnlyReferences.ts';

describe('A text of nothing but references to values', () => {
  for (const text of ['@config.key', '@config:key', '{{config.key}}', '@param.a@config.b']) {
    it(`is ${text}`, () => assert(isOnlyReferences(text)));
  }
  for (const text of [
    '',
    'secret',
    'x@config.key',
    '@config.key-1',
    '@@config.key',
    '@tool(a.b, c="d")',
    '{{#a}}b{{/a}}',
    '{{! c }}',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => assert(!isOnlyReferences(text)));
  }
});
