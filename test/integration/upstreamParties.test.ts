import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/contract/json.ts';
import { RpcError } from '../../src/contract/jsonRpc.ts';
import { Rig } from '../fixtures/upstream/rig.ts';
import { type TestClient, textOf } from '../fixtures/upstream/testClient.ts';
import { eventually } from '../support/eventually.ts';

const question = { method: 'sampling/createMessage', params: { messages: [], 'x-unknown': 1 } };

/** A promise to be settled from outside. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('questions of a stdio server', () => {
  let rig: Rig;
  let one: TestClient;
  let two: TestClient;
  before(async () => {
    rig = await Rig.start();
  });
  beforeEach(() => {
    one = rig.client('one');
    two = rig.client('two');
  });
  after(() => rig.stop());

  const ask = async (client: TestClient, id: string) =>
    JSON.parse(textOf(await client.call(id, 'ask', question))) as JsonObject;

  it('go to the only client with a call in flight, and back, unchanged', async () => {
    const id = rig.addOdd();
    await two.call(id, 'pid');
    one.answer = async () => ({ role: 'assistant', 'x-answer': [0] });
    assert.deepEqual(await ask(one, id), { role: 'assistant', 'x-answer': [0] });
    assert.deepEqual(one.asked, [question]);
    assert.deepEqual(two.asked, []);
  });

  it('are refused in the words of the client', async () => {
    const id = rig.addOdd();
    one.answer = async () => {
      throw new RpcError(-32601, 'The client does not support sampling', { why: 1 });
    };
    assert.deepEqual(await ask(one, id), {
      error: { code: -32601, message: 'The client does not support sampling', data: { why: 1 } },
    });
  });

  it('are answered with an error where several clients could be meant; from then on they take turns', async () => {
    const id = rig.addOdd();
    await one.call(id, 'pid');
    const other = two.call(id, 'sleep', { ms: 300 });
    const { error } = (await ask(one, id)) as { error: JsonObject };
    assert.match(String(error.message), /could belong to calls of several clients/);
    await other;
    assert.deepEqual([...one.asked, ...two.asked], []);
    assert.equal(rig.upstreams.catalog(id)?.asks_clients, true);

    const order: string[] = [];
    const answered = deferred<JsonObject>();
    one.answer = () => answered.promise;
    two.answer = async () => ({ from: 'two' });
    const first = ask(one, id).then((answer) => order.push(`one ${answer.from}`));
    const second = ask(two, id).then((answer) => order.push(`two ${answer.from}`));
    await eventually(() => one.asked.length === 1);
    // Calls of the same client do not wait, so that it can call in order to answer.
    assert.equal(await one.text(id, 'sleep', { ms: 1 }), 'slept');
    assert.deepEqual(two.asked, []);
    answered.resolve({ from: 'one' });
    await Promise.all([first, second]);
    assert.deepEqual(order, ['one one', 'two two']);
  });

  it('let a waiting call be cancelled without disturbing the others', async () => {
    const id = rig.addOdd();
    await ask(one, id);
    const holding = one.call(id, 'sleep', { ms: 300 });
    const abort = new AbortController();
    const waiting = two.call(id, 'pid', {}, {}, abort.signal);
    const third = rig.client('three').text(id, 'pid');
    abort.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    await holding;
    assert.match(await third, /^\d+$/);
    assert.deepEqual(JSON.parse(await two.text(id, 'cancelled')), []);
  });

  it('are withdrawn where the server cancels them, and where the call is over', async () => {
    const id = rig.addOdd();
    let withdrawn = 0;
    one.answer = (_, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          withdrawn++;
          reject(signal.reason);
        });
      });
    assert.equal(await one.text(id, 'withdraw'), 'withdrawn');
    assert.equal(withdrawn, 1);
    const abort = new AbortController();
    const call = one.call(id, 'ask', question, {}, abort.signal);
    await eventually(() => one.asked.length === 2);
    abort.abort(new Error('stop'));
    await assert.rejects(call, /stop/);
    assert.equal(withdrawn, 2);
  });

  it('stop the clock of the call', async () => {
    const id = rig.addOdd();
    rig.change(id, { call_timeout_s: 1 });
    one.answer = () => new Promise((resolve) => setTimeout(() => resolve({ late: true }), 2500));
    assert.deepEqual(await ask(one, id), { late: true });
  });

  it('about a task go to the client that started it', async () => {
    const id = rig.addOdd();
    await one.call(id, 'task', {}, { _meta: { progressToken: 'mine' }, task: {} });
    const other = two.call(id, 'sleep', { ms: 200 });
    await eventually(() => one.heard.length === 1);
    assert.deepEqual(one.heard[0]?.params, { progressToken: 'mine', progress: 9 });
    const related = { 'io.modelcontextprotocol/related-task': { taskId: 'task-1' } };
    const params = { method: 'elicitation/create', params: { _meta: related } };
    one.answer = async () => ({ by: 'one' });
    assert.deepEqual(JSON.parse(await two.text(id, 'ask', params)), { by: 'one' });
    await other;
  });
});

describe('notifications of a stdio server', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());

  it('that are log messages go to the only client with a call in flight, else to nobody’s call', async () => {
    const id = rig.addOdd();
    const [one, two] = [rig.client('one'), rig.client('two')];
    await one.call(id, 'log', { data: 'alone' });
    const data = one.heard.map(({ params }) => params?.data);
    assert.deepEqual(data, ['alone']);
    const other = two.call(id, 'sleep', { ms: 100 });
    await one.call(id, 'log', { data: 'together' });
    await other;
    assert.equal(one.heard.length + two.heard.length, 1);
    const [notice] = rig.notices;
    assert.deepEqual(notice?.notification.params, { level: 'info', data: 'together' });
    assert(notice?.concerns(one.party) && notice.concerns(two.party));
  });

  it('of unknown kinds are passed on', async () => {
    const id = rig.addOdd();
    const params = { method: 'notifications/x-new', params: { a: { b: 0 } } };
    await rig.client('one').call(id, 'notify', params);
    assert.deepEqual(rig.notices.at(-1)?.notification, { jsonrpc: '2.0', ...params });
  });

  it('of changed resources concern subscribers only, also after a crash', async () => {
    const id = rig.addOdd();
    const [one, two] = [rig.client('one'), rig.client('two')];
    const signal = new AbortController().signal;
    await rig.upstreams.subscribe(id, 'odd://one', one.caller, signal);
    await rig.upstreams.subscribe(id, 'odd://one', two.caller, signal);
    assert.deepEqual(JSON.parse(await one.text(id, 'subscribed')), ['+odd://one']);
    await rig.upstreams.unsubscribe(id, 'odd://one', two.party);
    const update = { method: 'notifications/resources/updated', params: { uri: 'odd://one' } };
    await two.call(id, 'notify', update);
    const notice = rig.notices.at(-1);
    assert.deepEqual(notice?.notification.params, update.params);
    assert(notice?.concerns(one.party) && !notice.concerns(two.party));

    await assert.rejects(two.call(id, 'crash'));
    // Nobody calls: it is connected again for the sake of the subscription.
    await eventually(() => rig.upstreams.state(id).status === 'connected');
    assert.deepEqual(JSON.parse(await two.text(id, 'subscribed')), ['+odd://one']);
    rig.upstreams.release(one.party);
    const all = ['+odd://one', '-odd://one'];
    await eventually(async () => (await two.text(id, 'subscribed')) === JSON.stringify(all));
  });

  it('are as verbose as the most verbose client wishes, also after a restart', async () => {
    const id = rig.addOdd();
    const [one, two] = [rig.client('one'), rig.client('two')];
    rig.upstreams.setLogLevel([id], one.party, 'warning');
    await one.call(id, 'pid');
    rig.upstreams.setLogLevel([id], two.party, 'debug');
    rig.upstreams.setLogLevel([id], one.party, 'error');
    assert.deepEqual(JSON.parse(await one.text(id, 'levels')), ['warning', 'debug']);
    await rig.upstreams.disconnect(id);
    assert.deepEqual(JSON.parse(await one.text(id, 'levels')), ['debug']);
  });
});
