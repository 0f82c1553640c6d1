import assert from 'node:assert/strict';
import { ReadCache } from '../../../src/server/upstream/modern/readCache.ts';

describe('Resources that are kept', () => {
  const result = { contents: [], ttlMs: 1000 };
  let now: number;
  let kept: ReadCache;
  beforeEach(() => {
    now = 0;
    kept = new ReadCache(() => now);
  });

  it('are kept as long as their server said, and a day at most', () => {
    kept.put('a', result, kept.changes);
    kept.put('b', { ...result, ttlMs: Number.POSITIVE_INFINITY }, kept.changes);
    now = 400;
    assert.equal(kept.get('a')?.ttlMs, 600);
    now = 1000;
    assert.equal(kept.get('a'), undefined);
    now = 24 * 3_600_000;
    assert.equal(kept.get('b'), undefined);
  });

  it('are not kept where a change was told while they were read', () => {
    const before = kept.changes;
    kept.drop('a');
    kept.put('a', result, before);
    assert.equal(kept.get('a'), undefined);
    kept.put('a', result, kept.changes);
    assert.notEqual(kept.get('a'), undefined);
  });
});
