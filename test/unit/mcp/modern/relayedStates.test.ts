import assert from 'node:assert/strict';
import { RelayedStates } from '../../../../src/server/mcp/modern/relayedStates.ts';
import type { StateBinding } from '../../../../src/server/mcp/modern/requestState.ts';
import { routed } from '../../../../src/server/upstream/modern/routedState.ts';

const binding: StateBinding = {
  ...{ vmcpId: 'v', principal: null, method: 'tools/call', digest: 'd' },
};
const refused = { code: -32602, message: 'Invalid or expired requestState' };

describe('States of servers that clients carry', () => {
  let now: number;
  let states: RelayedStates;
  beforeEach(() => {
    now = 0;
    states = new RelayedStates({ lifeMs: 1000, limit: 2, now: () => now });
  });

  it('come back whole, however they are written, up to the length that is carried', () => {
    states = new RelayedStates({ lifeMs: 1000, limit: 100 });
    for (const character of ['a', '"', '\\', '\u0001', '€', '\ud800']) {
      const own = character.repeat(64 * 1024);
      const state = routed({ requestState: own }, 'server')?.requestState;
      assert.equal(typeof state, 'string');
      assert.equal(states.take(states.give(String(state), binding), binding), state);
    }
    assert.equal(routed({ requestState: 'a'.repeat(64 * 1024 + 1) }, 'server'), undefined);
  });

  it('are good once, for the request they were given out for, and for a while', () => {
    const used = states.give('state', binding);
    assert.equal(states.take(used, { ...binding, digest: 'other' }), undefined);
    assert.equal(states.take(used, { ...binding, principal: 'someone' }), undefined);
    assert.equal(states.take(used, binding), 'state');
    assert.throws(() => states.take(used, binding), refused);
    const old = states.give('state', binding);
    now = 1001;
    assert.throws(() => states.take(old, binding), refused);
    assert.equal(states.take(`${used}A`, binding), undefined);
  });

  it('that came back are never good again, though only so many are remembered', () => {
    const given = Array.from({ length: 4 }, () => {
      now += 1;
      return states.give('state', binding);
    });
    for (const state of given) assert.equal(states.take(state, binding), 'state');
    for (const state of given) assert.throws(() => states.take(state, binding), refused);
  });
});
