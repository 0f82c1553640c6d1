import assert from 'node:assert/strict';
import { addTools, placeServers, restoreServers } from '../../../src/vscode/memberEdits.ts';
import { aPart } from './builders.ts';

describe('servers dragged within and into a vMCP', () => {
  const member = (server_id: string, priority: number) => aPart({ server_id, priority });
  const members = [member('b', 7), member('a', 1), member('c', 9)];
  const order = (placed: readonly { server_id: string; priority?: number | undefined }[]) =>
    placed.map(({ server_id, priority }) => `${server_id}${priority}`);

  it('stand where they are dropped, and the order is the priority', () => {
    assert.deepEqual(order(placeServers(members, ['c'], 'a')), ['c1', 'a2', 'b3']);
    assert.deepEqual(order(placeServers(members, ['a'], 'c')), ['b1', 'a2', 'c3']);
    assert.deepEqual(order(placeServers(members, ['a', 'b'], undefined)), ['c1', 'a2', 'b3']);
  });

  it('come last where they are dropped on the vMCP, with all they offer', () => {
    const placed = placeServers(members, ['new'], undefined);
    assert.deepEqual(placed.at(-1), { server_id: 'new', priority: 4 });
  });

  it('keep their selection and overrides', () => {
    const chosen = aPart({ server_id: 'x', tools: ['one'], overrides: { one: { name: 'uno' } } });
    const [first] = placeServers([member('a', 1), chosen], ['x'], 'a');
    assert.deepEqual(first, { ...chosen, priority: 1 });
  });

  it('stay where they are when they are dropped on themselves among others', () => {
    assert.deepEqual(order(placeServers(members, ['c'], 'c')), ['a1', 'b2', 'c3']);
  });
});

describe('tools dragged into a vMCP', () => {
  it('are ticked, or bring their server with nothing else', () => {
    const members = [aPart({ server_id: 'a', tools: ['one'] }), aPart({ server_id: 'b' })];
    const after = addTools(
      members,
      new Map([
        ['a', ['two', 'one']],
        ['b', ['any']],
        ['c', ['three']],
      ]),
    );
    assert.deepEqual(
      after.map(({ server_id, tools, prompts }) => ({ server_id, tools, prompts })),
      [
        { server_id: 'a', tools: ['one', 'two'], prompts: 'all' },
        { server_id: 'b', tools: 'all', prompts: 'all' },
        { server_id: 'c', tools: ['three'], prompts: [] },
      ],
    );
  });
});

describe('servers that were taken out of a vMCP', () => {
  const member = (server_id: string, priority: number) => aPart({ server_id, priority });

  it('come back where they stood, with what was chosen of them', () => {
    const taken = aPart({ server_id: 'b', priority: 2, tools: ['one'] });
    const restored = restoreServers([member('c', 3), member('a', 1)], [taken]);
    assert.deepEqual(restored, [member('a', 1), taken, member('c', 3)]);
  });

  it('stay as they are where somebody put them back meanwhile', () => {
    const now = aPart({ server_id: 'b', priority: 9 });
    assert.deepEqual(restoreServers([now], [member('b', 2)]), [now]);
  });
});
