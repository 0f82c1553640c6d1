import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeSelection, isSelected, partsOf } from '../../../src/contract/parts.ts';
import { anOffer } from './builders.ts';

describe('the parts of an offer', () => {
  it('are its tools, prompts, resources and templates, in this order', () => {
    assert.deepEqual(
      partsOf(anOffer).map(({ kind, key, label }) => [kind, key, label]),
      [
        ['tools', 'read', 'read'],
        ['tools', 'write', 'write'],
        ['prompts', 'review', 'review'],
        ['resources', 'file:///a', 'a'],
        ['resources', 'file:///{path}', 'any'],
      ],
    );
  });

  it('leave out what has no name', () => {
    assert.deepEqual(partsOf({ ...anOffer, tools: [{ name: 5 }, {}] }).length, 3);
  });
});

describe('a selection', () => {
  const off = (key: string) => new Map([[key, false]]);
  const on = (key: string) => new Map([[key, true]]);

  it('of everything without one part names the others', () => {
    assert.deepEqual(changeSelection('all', ['a', 'b', 'c'], off('b')), ['a', 'c']);
  });

  it('that is complete again is everything, also of what comes later', () => {
    assert.equal(changeSelection(['a', 'c'], ['a', 'b', 'c'], on('b')), 'all');
  });

  it('keeps what the server does not offer at present', () => {
    assert.deepEqual(changeSelection(['gone', 'a'], ['a', 'b'], off('a')), ['gone']);
  });

  it('holds exactly what was ticked', () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    const selection = fc.oneof(fc.constant('all' as const), keys);
    const ticks = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.boolean());
    fc.assert(
      fc.property(selection, keys, ticks, (before, offered, changes) => {
        const known = new Map(
          Object.entries(changes).filter(([key]) => offered.some((k) => k === key)),
        );
        const after = changeSelection(before, offered, known);
        for (const key of offered) {
          assert.equal(isSelected(after, key), known.get(key) ?? isSelected(before, key));
        }
      }),
    );
  });
});
