import assert from 'node:assert/strict';
import { CallQueue } from '../../../src/server/tools/python/callQueue.ts';

describe('calls that wait for an interpreter', () => {
  const { signal } = new AbortController();

  it('are let in by how little their vMCP runs, then by how little it has used, then by age', () => {
    const queue = new CallQueue<string>();
    for (const vmcpId of ['a', 'a', 'b', 'c']) void queue.wait(vmcpId, signal);
    const order = (running: Record<string, number>) =>
      queue.inOrder((vmcpId) => running[vmcpId] ?? 0).map(({ vmcpId }) => vmcpId);
    assert.deepEqual(order({}), ['a', 'a', 'b', 'c']);
    assert.deepEqual(order({ a: 1 }), ['b', 'c', 'a', 'a']);
    assert.deepEqual(order({ a: 1, b: 2 }), ['c', 'a', 'a', 'b']);
    queue.addUsed('a', 900);
    assert.deepEqual(order({}), ['a', 'a', 'b', 'c']);
    queue.addUsed('a', 900);
    assert.deepEqual(order({}), ['b', 'c', 'a', 'a']);
  });

  it('leave the queue when they are let in, cancelled or refused', async () => {
    const queue = new CallQueue<string>();
    const cancel = new AbortController();
    const first = queue.wait('a', signal);
    const second = queue.wait('a', cancel.signal);
    const third = queue.wait('a', signal);
    queue.inOrder(() => 0)[0]?.resolve('interpreter');
    assert.equal(await first, 'interpreter');
    cancel.abort(new Error('cancelled'));
    await assert.rejects(second, /cancelled/);
    await assert.rejects(queue.wait('a', cancel.signal), /cancelled/);
    queue.close(new Error('closed'));
    await assert.rejects(third, /closed/);
    assert.equal(queue.size, 0);
  });
});
