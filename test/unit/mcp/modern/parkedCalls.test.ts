import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/contract/json.ts';
import { RpcError } from '../../../../src/contract/jsonRpc.ts';
import { ParkedCalls } from '../../../../src/server/mcp/modern/parkedCalls.ts';
import { digestOf, type StateBinding } from '../../../../src/server/mcp/modern/requestState.ts';

class Call extends EventEmitter {
  reason: string | undefined;

  giveUp(reason: string): void {
    this.reason = reason;
    this.emit('givenUp');
  }
}

const binding: StateBinding = {
  vmcpId: 'vmcp_1',
  principal: 'token_1',
  method: 'tools/call',
  digest: digestOf({ name: 'ask', arguments: { a: 1 } }),
};

function isRefusal(error: unknown): boolean {
  assert(error instanceof RpcError);
  assert.deepEqual(error.toObject(), {
    code: -32602,
    message: 'Invalid or expired requestState',
    data: { reason: 'invalid_request_state' },
  });
  return true;
}

describe('Parked calls', () => {
  it('come back with their state, once', () => {
    const parked = new ParkedCalls<Call>({ limit: 2, lifeMs: 60_000 });
    const call = new Call();
    const state = parked.park(call, binding);
    assert.equal(parked.size, 1);
    assert.equal(parked.take(state, { ...binding }), call);
    assert.equal(parked.size, 0);
    assert.throws(() => parked.take(state, binding), isRefusal);
  });

  it('do not come back for another vMCP, client, method or other arguments', () => {
    const parked = new ParkedCalls<Call>({ limit: 2, lifeMs: 60_000 });
    const state = parked.park(new Call(), binding);
    for (const foreign of [
      { vmcpId: 'vmcp_2' },
      { principal: null },
      { method: 'prompts/get' },
      { digest: digestOf({ name: 'ask', arguments: { a: 2 } }) },
    ]) {
      assert.throws(() => parked.take(state, { ...binding, ...foreign }), isRefusal);
    }
    assert(parked.take(state, binding), 'strangers do not use it up');
  });

  it('do not come back for a forged state', () => {
    const parked = new ParkedCalls<Call>({ limit: 2, lifeMs: 60_000 });
    const state = parked.park(new Call(), binding) ?? '';
    const other = new ParkedCalls<Call>({ limit: 2, lifeMs: 60_000 }).park(new Call(), binding);
    for (const forged of [other, `${state}A`, `${state}-TAMPERED`, '', 7, null, {}]) {
      assert.throws(() => parked.take(forged, binding), isRefusal);
    }
    fc.assert(
      fc.property(fc.nat(state.length - 1), fc.constantFrom('A', 'B', '-'), (at, letter) => {
        const forged = state.slice(0, at) + letter + state.slice(at + 1);
        if (forged !== state) assert.throws(() => parked.take(forged, binding), isRefusal);
      }),
    );
  });

  it('are given up when their client does not come back in time', async () => {
    const parked = new ParkedCalls<Call>({ limit: 2, lifeMs: 20 });
    const call = new Call();
    const state = parked.park(call, binding);
    const alive = setTimeout(() => {}, 10_000); // the timer under test keeps no process alive
    await once(call, 'givenUp');
    clearTimeout(alive);
    assert.equal(parked.size, 0);
    assert.throws(() => parked.take(state, binding), isRefusal);
  });

  it('are forgotten where they will not go on', () => {
    const parked = new ParkedCalls<Call>({ limit: 1, lifeMs: 60_000 });
    const call = new Call();
    const state = parked.park(call, binding);
    parked.forget(call);
    assert.throws(() => parked.take(state, binding), isRefusal);
    assert.equal(parked.size, 0);
  });

  it('are limited in number, and all given up at the end', () => {
    const parked = new ParkedCalls<Call>({ limit: 2, lifeMs: 60_000 });
    const calls = [new Call(), new Call(), new Call()];
    const states = calls.map((call) => parked.park(call, binding));
    assert.equal(states[2], undefined);
    parked.expireAll('the server is ending');
    assert.deepEqual(
      calls.map(({ reason }) => reason),
      ['the server is ending', 'the server is ending', undefined],
    );
    assert.equal(parked.size, 0);
  });
});

describe('The digest of a request', () => {
  it('leaves out what a retry may change, and the order of members', () => {
    const first: JsonObject = {
      name: 'x',
      arguments: { a: 1, b: [{ c: 2, d: 3 }] },
      _meta: { x: 1 },
    };
    const retry: JsonObject = {
      requestState: 's',
      inputResponses: {},
      arguments: { b: [{ d: 3, c: 2 }], a: 1 },
      name: 'x',
    };
    assert.equal(digestOf(first), digestOf(retry));
    assert.notEqual(digestOf(first), digestOf({ ...retry, arguments: { a: 1, b: [] } }));
    assert.notEqual(digestOf(first), digestOf({ ...retry, name: 'y' }));
  });
});
