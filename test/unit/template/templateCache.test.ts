import { strict as assert } from 'node:assert';
import { TemplateCache } from '../../../src/server/template/templateCache.ts';

describe('Cache of templates', () => {
  it('parses a text once', () => {
    const { parse } = new TemplateCache();
    assert.equal(parse('a @param.x'), parse(['a', '@param.x'].join(' ')));
    assert.notEqual(parse('a @param.x'), parse('b @param.x'));
  });

  it('forgets what was not used for the longest time', () => {
    const { parse } = new TemplateCache();
    const kept = parse('@param.kept');
    const old = parse('@param.old');
    for (let index = 0; index < 999; index++) {
      parse(`@param.p${index}`);
      assert.equal(parse('@param.kept'), kept);
    }
    assert.notEqual(parse('@param.old'), old);
  });

  it('keeps a limited number of characters', () => {
    const { parse } = new TemplateCache();
    const long = (index: number) => `@param.p${index} ${'x'.repeat(900_000)}`;
    const first = parse(long(0));
    assert.equal(parse(long(0)), first);
    for (let index = 1; index <= 10; index++) parse(long(index));
    assert.notEqual(parse(long(0)), first);
  });
});
