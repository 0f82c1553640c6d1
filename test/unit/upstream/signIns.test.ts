import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { SignIns } from '../../../src/server/upstream/oauth/signIns.ts';

const minutes = 60_000;

describe('Sign-ins that were begun', () => {
  let now: number;

  beforeEach(() => {
    now = Date.now();
    mock.method(Date, 'now', () => now);
  });
  afterEach(() => mock.restoreAll());

  function begin(signIns: SignIns, serverId = 'server_a') {
    let isClosed = false;
    const pending = signIns.add({
      ...{ serverId, resource: 'http://a/', state: signIns.newState(), link: 'http://b/' },
      ...{ verifier: 'v', redirect: 'http://c/', scope: undefined, wantedRedirect: undefined },
      ...{ discovery: { authorizationServerUrl: 'http://b/' }, client: { client_id: 'c' } },
      isOwn: false,
      close: () => {
        isClosed = true;
      },
    });
    return { ...pending, isClosed: () => isClosed };
  }

  it('are answered once within ten minutes', () => {
    const signIns = new SignIns();
    const { state } = begin(signIns);
    now += 10 * minutes - 1;
    assert.equal(signIns.take(state, undefined)?.state, state);
    assert.equal(signIns.take(state, undefined), undefined);
  });

  it('are over after ten minutes, and so is what waits for the answer', () => {
    const signIns = new SignIns();
    const { state, isClosed } = begin(signIns);
    now += 10 * minutes;
    assert.equal(signIns.take(state, undefined), undefined);
    assert.equal(isClosed(), true);
  });

  it('give out their link again for five minutes only, so that it can be followed', () => {
    const signIns = new SignIns();
    const { state } = begin(signIns);
    const again = () => signIns.reusable('server_a', undefined, undefined)?.state;
    assert.equal(again(), state);
    now += 5 * minutes + 1;
    assert.equal(again(), undefined);
    assert.equal(signIns.take(state, undefined)?.state, state, 'it still counts');
  });

  it('are not lost where the clock is set back', () => {
    const signIns = new SignIns();
    const { state } = begin(signIns);
    now -= 60 * minutes;
    assert.equal(signIns.take(state, undefined)?.state, state);
  });
});
