import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/contract/json.ts';
import type { JsonRpcMessage, JsonRpcNotification } from '../../../src/contract/jsonRpc.ts';
import { LineLog } from '../../../src/server/log.ts';
import { Connection } from '../../../src/server/upstream/connection.ts';
import { ListenLoop } from '../../../src/server/upstream/modern/listenLoop.ts';
import type { Transport, TransportListener } from '../../../src/server/upstream/transport.ts';
import { eventually } from '../../support/eventually.ts';

/** A server at the other end of a pipe that agrees to tell of all that it is asked for. */
class AgreeingTransport implements Transport {
  readonly isPipe = true;
  readonly sent: JsonRpcMessage[] = [];
  listener: TransportListener | undefined;
  /** Does something right after the server has agreed. */
  onListen = (_id: JsonObject[string]): void => undefined;

  start(listener: TransportListener): void {
    this.listener = listener;
  }

  send(message: JsonRpcMessage): void {
    this.sent.push(message);
    if (!('method' in message) || !('id' in message)) return;
    const { id, params } = message;
    setImmediate(() => {
      const notifications = params?.notifications ?? {};
      this.tell(id, 'notifications/subscriptions/acknowledged', { notifications });
      this.onListen(id);
    });
  }

  tell(id: JsonObject[string], method: string, params: JsonObject): void {
    const _meta = { 'io.modelcontextprotocol/subscriptionId': id };
    this.hear({ method, params: { ...params, _meta } });
  }

  hear(message: object): void {
    this.listener?.message({ jsonrpc: '2.0', ...message }, 'pipe');
  }

  /** Ids of the requests to listen. */
  get listens(): JsonObject[string][] {
    return this.sent.flatMap((each) =>
      'method' in each && each.method === 'subscriptions/listen' && 'id' in each ? [each.id] : [],
    );
  }

  async opened(): Promise<void> {}
  abandon(): void {}
  async close(): Promise<void> {}
}

describe('A stream of changes', () => {
  let transport: AgreeingTransport;
  let connection: Connection;
  let loop: ListenLoop;
  let heard: JsonRpcNotification[];
  /** What went on to clients otherwise. */
  let noticed: JsonRpcNotification[];

  beforeEach(() => {
    transport = new AgreeingTransport();
    heard = [];
    noticed = [];
    const log = new LineLog('error', () => undefined);
    const nothing = () => undefined;
    connection = new Connection(
      transport,
      {
        ...{ serverName: 'modern', listChanged: nothing, asksClients: nothing },
        ...{ callEnded: nothing, retired: nothing, closed: nothing, roots: async () => [] },
        notice: (notification) => noticed.push(notification),
      },
      log,
    );
    loop = new ListenLoop({
      ...{ connection, log },
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true } },
      heard: (notification) => heard.push(notification),
      listsChanged: nothing,
    });
  });
  afterEach(() => connection.close(new Error('over')));

  it('that ends in the same breath in which it began is opened again', async () => {
    transport.onListen = (id) => {
      transport.onListen = () => undefined;
      transport.hear({ id, result: { resultType: 'complete' } });
    };
    await loop.listenTo(['a:b']);
    await eventually(() => transport.listens.length === 2, { timeoutMs: 10_000 });
  });

  it('that the server ends by a notification is opened again', async () => {
    await loop.listenTo(['a:b']);
    const [id] = transport.listens;
    transport.hear({ method: 'notifications/cancelled', params: { requestId: id } });
    await eventually(() => transport.listens.length === 2, { timeoutMs: 10_000 });
  });

  it('tells of resources only: what else comes on it goes to nobody', async () => {
    await loop.listenTo(['a:b']);
    const [id = null] = transport.listens;
    transport.tell(id, 'notifications/progress', { progressToken: 1, progress: 1 });
    transport.tell(id, 'notifications/cancelled', { requestId: 'vmcp-1' });
    transport.tell(id, 'notifications/message', { level: 'error', data: 'psst' });
    transport.tell(id, 'notifications/resources/updated', { uri: 'a:b' });
    const params = { uri: 'a:b' };
    assert.deepEqual(heard, [
      { jsonrpc: '2.0', method: 'notifications/resources/updated', params },
    ]);
    assert.deepEqual(noticed, []);
    assert.equal(transport.listens.length, 1);
  });
});
