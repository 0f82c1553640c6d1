import assert from 'node:assert/strict';
import { PartyMemory } from '../../../src/server/vmcp/operations/partyMemory.ts';

describe('What is remembered for a client', () => {
  it('are ids of servers, told apart where two servers use the same', () => {
    const { elicitations } = new PartyMemory();
    assert.equal(elicitations.toClient('a', '1'), '1');
    assert.equal(elicitations.toClient('b', '1'), '1-2');
    assert.equal(elicitations.toClient('a', '1'), '1');
    assert.deepEqual(elicitations.origin('1-2'), { serverId: 'b', id: '1' });
  });

  it('are the newest of them, however many servers give out', () => {
    const { tasks } = new PartyMemory();
    for (let n = 0; n < 5000; n += 1) tasks.toClient('a', `t${n}`);
    assert.equal(tasks.known('a', 't0'), undefined);
    assert.equal(tasks.origin('t2999'), undefined);
    assert.equal(tasks.known('a', 't3000'), 't3000');
    assert.deepEqual(tasks.origin('t4999'), { serverId: 'a', id: 't4999' });
  });
});
