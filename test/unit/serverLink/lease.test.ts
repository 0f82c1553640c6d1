import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { ServerEvent } from '../../../src/contract/events.ts';
import { Lease } from '../../../src/serverLink/lease.ts';

const message = { type: 'lease', holder: 'window', version: '1.0.0', env: { A: 'b' } } as const;

describe('Lease', () => {
  let server: WebSocketServer;
  let address: { port: number; adminToken: string };
  const events: ServerEvent[] = [];

  beforeEach(async () => {
    events.length = 0;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    address = { port: (server.address() as AddressInfo).port, adminToken: 'tok' };
  });
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  async function open(): Promise<{ lease: Lease; socket: WebSocket; first: unknown }> {
    const connected = once(server, 'connection').then(async ([socket, request]) => {
      assert.equal(request.headers.authorization, 'Bearer tok');
      const [data] = await once(socket, 'message');
      return { socket: socket as WebSocket, first: JSON.parse(String(data)) };
    });
    const lease = await Lease.open(
      WebSocket,
      address,
      () => message,
      (event) => events.push(event),
    );
    return { lease, ...(await connected) };
  }

  it('says who holds it before anything else', async () => {
    const { first, lease } = await open();
    assert.deepEqual(first, message);
    lease.release();
  });

  it('passes on known events, and ignores what a newer server may send', async () => {
    const { socket, lease } = await open();
    socket.send('no JSON');
    socket.send('{"type":"from.the.future"}');
    socket.send('{"type":"vmcp.changed","vmcp_id":"vmcp_1"}');
    socket.close();
    assert.equal(await lease.ended, 'lost');
    assert.deepEqual(events, [{ type: 'vmcp.changed', vmcp_id: 'vmcp_1' }]);
  });

  it('tells a death from an end that was announced', async () => {
    for (const [successor, end] of [
      [true, 'successor'],
      [false, 'stopped'],
    ] as const) {
      const { socket, lease } = await open();
      socket.send(JSON.stringify({ type: 'stopping', successor }));
      socket.close();
      assert.equal(await lease.ended, end);
    }
  });

  it('ends when it is released', async () => {
    const { lease } = await open();
    lease.release();
    assert.equal(await lease.ended, 'released');
  });

  it('is refused where nobody listens', async () => {
    server.close();
    await assert.rejects(
      Lease.open(
        WebSocket,
        { port: 1, adminToken: '' },
        () => message,
        () => undefined,
      ),
    );
  });
});
