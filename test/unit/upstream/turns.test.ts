import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Turns } from '../../../src/server/upstream/turns.ts';

const never = new AbortController().signal;

describe('turns', () => {
  it('let one party in at a time, in the order they came, each with all its calls', async () => {
    const turns = new Turns();
    const order: string[] = [];
    assert(turns.tryEnter('a', true));
    assert(turns.tryEnter('a', true));
    for (const party of ['b', 'c', 'b']) {
      assert(!turns.tryEnter(party, true));
      void turns.wait(party, never).then(() => order.push(party));
    }
    turns.leave('a');
    await Promise.resolve();
    assert.deepEqual(order, []);
    turns.leave('a');
    await Promise.resolve();
    assert.deepEqual(order, ['b', 'b']);
    turns.leave('b');
    turns.leave('b');
    await Promise.resolve();
    assert.deepEqual(order, ['b', 'b', 'c']);
  });

  it('wait for calls that entered before turns were taken', () => {
    const turns = new Turns();
    assert(turns.tryEnter('a', false));
    assert(turns.tryEnter('b', false));
    assert(!turns.tryEnter('c', true));
    turns.leave('a');
    turns.leave('b');
    assert(turns.tryEnter('c', true));
  });

  it('go on without one who gave up', async () => {
    const turns = new Turns();
    const abort = new AbortController();
    turns.tryEnter('a', true);
    const gone = turns.wait('b', abort.signal);
    const next = turns.wait('c', never);
    abort.abort(new Error('left'));
    await assert.rejects(gone, /left/);
    turns.leave('a');
    await next;
  });

  it('never let two parties in together, and let everyone in at last', async () => {
    const parties = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(parties, async (calls) => {
        const turns = new Turns();
        const inside: string[] = [];
        const run = async (party: string, steps: number) => {
          if (!turns.tryEnter(party, true)) await turns.wait(party, never);
          inside.push(party);
          assert.equal(new Set(inside).size, 1);
          for (let step = 0; step < steps; step++) await Promise.resolve();
          inside.splice(inside.indexOf(party), 1);
          turns.leave(party);
        };
        await Promise.all(calls.map((party, index) => run(party, index % 4)));
        assert.deepEqual(inside, []);
      }),
    );
  });
});
