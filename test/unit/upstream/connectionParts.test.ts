import assert from 'node:assert/strict';
import { Backoff } from '../../../src/server/upstream/backoff.ts';
import { LogWishes } from '../../../src/server/upstream/logWishes.ts';
import { Subscriptions } from '../../../src/server/upstream/subscriptions.ts';

describe('back-off', () => {
  let now = 0;
  const backoff = () =>
    new Backoff(
      () => now,
      () => 0.5,
    );

  it('lets the first failure be retried at once, then doubles up to a minute', () => {
    const delays = backoff();
    const waits = Array.from({ length: 9 }, () => {
      delays.failed();
      const wait = delays.waitMs;
      now += wait;
      return wait;
    });
    assert.deepEqual(waits, [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('starts again after a connection that held, and when the user asks', () => {
    const delays = backoff();
    delays.failed();
    delays.failed();
    now += 1000;
    delays.connected();
    now += 1000;
    delays.failed();
    assert.equal(delays.waitMs, 2000);
    now += 2000;
    delays.connected();
    now += 30_000;
    delays.failed();
    assert.equal(delays.waitMs, 0);
    delays.failed();
    delays.reset();
    assert.equal(delays.waitMs, 0);
  });
});

describe('log wishes', () => {
  it('come to the most verbose one', () => {
    const wishes = new LogWishes();
    assert.equal(wishes.level, undefined);
    wishes.set('a', 'error');
    wishes.set('b', 'info');
    assert.equal(wishes.level, 'info');
    wishes.set('c', 'chatty');
    wishes.set('b', null);
    assert.equal(wishes.level, 'error');
  });
});

describe('subscriptions', () => {
  it('are counted by party', () => {
    const subscriptions = new Subscriptions();
    assert(subscriptions.add('u', 'a'));
    assert(!subscriptions.add('u', 'b'));
    assert(!subscriptions.add('u', 'a'));
    assert(!subscriptions.remove('u', 'a'));
    assert(!subscriptions.remove('u', 'a'));
    assert(subscriptions.remove('u', 'b'));
    assert(subscriptions.isEmpty);
  });

  it('tell whom an update concerns: its subscribers, or all for a part of something', () => {
    const subscriptions = new Subscriptions();
    subscriptions.add('dir', 'a');
    subscriptions.add('file', 'b');
    assert(subscriptions.concerns('dir', 'a') && !subscriptions.concerns('dir', 'b'));
    assert(subscriptions.concerns('dir/part', 'a') && !subscriptions.concerns('dir/part', 'c'));
    assert.deepEqual(subscriptions.removeParty('a'), { uris: ['dir'], abandoned: ['dir'] });
    assert.deepEqual([...subscriptions.uris()], ['file']);
  });
});
