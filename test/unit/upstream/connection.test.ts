import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonRpcMessage } from '../../../src/contract/jsonRpc.ts';
import { LineLog } from '../../../src/server/log.ts';
import { Connection, type ConnectionHost } from '../../../src/server/upstream/connection.ts';
import type { Transport, TransportListener } from '../../../src/server/upstream/transport.ts';

const second = 1000;

/** A server at the other end that says nothing by itself. */
class SilentTransport implements Transport {
  readonly isPipe = true;
  readonly sent: JsonRpcMessage[] = [];
  listener: TransportListener | undefined;

  start(listener: TransportListener): void {
    this.listener = listener;
  }

  send(message: JsonRpcMessage): void {
    this.sent.push(message);
  }

  async opened(): Promise<void> {}
  abandon(): void {}
  async close(): Promise<void> {}

  /** Ids of the pings that came. */
  get pings(): unknown[] {
    return this.sent.flatMap((each) =>
      'method' in each && each.method === 'ping' && 'id' in each ? [each.id] : [],
    );
  }

  answer(message: object): void {
    this.listener?.message({ jsonrpc: '2.0', ...message }, 'pipe');
  }
}

describe('The heartbeat of a connection', () => {
  let transport: SilentTransport;
  let connection: Connection;
  let closedWith: Error | undefined;
  let now: number;

  beforeEach(() => {
    now = 0;
    mock.method(performance, 'now', () => now);
    transport = new SilentTransport();
    closedWith = undefined;
    const nothing = () => undefined;
    const host: ConnectionHost = {
      ...{ serverName: 'quiet', notice: nothing, listChanged: nothing, asksClients: nothing },
      ...{ callEnded: nothing, retired: nothing, roots: async () => [] },
      closed: (_, error) => {
        closedWith = error;
      },
    };
    connection = new Connection(transport, host, new LineLog('error', () => undefined));
  });
  afterEach(() => mock.restoreAll());

  /** Time goes by, as it does while the process runs. */
  async function pass(seconds: number): Promise<void> {
    for (const end = now + seconds * second; now < end; ) {
      now += second;
      connection.sweep(now);
      await nextTurn();
    }
  }

  it('is a ping after a minute of silence, and two that are missed end the connection', async () => {
    await pass(59);
    assert.deepEqual(transport.pings, []);
    await pass(3);
    assert.equal(transport.pings.length, 1);
    await pass(90);
    assert.equal(closedWith, undefined);
    await pass(40);
    assert.equal(transport.pings.length, 2);
    assert.match(String(closedWith), /Server "quiet" did not answer two pings/);
  });

  it('goes on as long as anything is answered, an error included', async () => {
    for (let round = 0; round < 4; round += 1) {
      while (transport.pings.length === round) await pass(1);
      const error = { code: -32601, message: 'Method not found' };
      transport.answer({
        id: transport.pings.at(-1),
        ...(round % 2 === 0 ? { error } : { result: {} }),
      });
      await Promise.resolve();
    }
    assert.equal(closedWith, undefined);
  });

  it('waits while calls are in flight', async () => {
    const call = connection.request({ method: 'tools/call', params: {}, timeoutMs: 600 * second });
    await pass(500);
    assert.deepEqual(transport.pings, []);
    transport.answer({ id: 0, result: { done: true } });
    transport.answer({ id: 1, result: { done: true } });
    assert.deepEqual(await call, { done: true });
  });

  it('does not take a sleep of the machine for silence, of calls neither', async () => {
    const call = connection.request({ method: 'tools/call', params: {}, timeoutMs: 600 * second });
    const failed = assert.rejects(call, /did not answer tools\/call within 600 s/);
    await pass(300);
    now += 8 * 3600 * second;
    connection.sweep(now);
    await pass(290);
    assert.equal(connection.callsInFlight, 1);
    await pass(20);
    await failed;
    const pings = transport.pings.length;
    now += 8 * 3600 * second;
    connection.sweep(now);
    assert.equal(transport.pings.length, pings);
  });
});
