import assert from 'node:assert/strict';
import { exposeCollector, giveBackWhenIdle } from '../../src/server/garbage.ts';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';

describe('memory', () => {
  const cleanup = useCleanup();

  it('is given back once in a pause after work, and not again before there was more', async () => {
    const given: number[] = [];
    const collector = { collect: () => undefined, giveBack: () => given.push(now()) };
    cleanup.add(giveBackWhenIdle(collector, 2_000));
    await eventually(() => given.length === 1, { what: 'the first pause' });
    const workedUntil = now() + 400;
    while (now() < workedUntil); // keeps this thread busy
    await eventually(() => given.length === 2, { what: 'the pause after the work' });
    const [first = 0, second = 0] = given;
    assert(first < workedUntil && second > workedUntil);
  });

  it('is given back, so that the process shrinks by most of what it no longer uses', async () => {
    const { giveBack } = exposeCollector();
    giveBack();
    let garbage: object[] = Array.from({ length: 400_000 }, (_, n) => ({ n, text: `text ${n}` }));
    const kept = garbage.filter((_, n) => n % 100 === 0);
    const full = heapMegabytes();
    garbage = [];
    giveBack();
    await eventually(() => full - heapMegabytes() > 20, { what: 'a smaller heap' });
    assert.equal(kept.length, 4_000);
  });
});

function now(): number {
  return performance.now();
}

function heapMegabytes(): number {
  return process.memoryUsage().heapTotal / 1024 ** 2;
}
