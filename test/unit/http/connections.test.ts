import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { adminOwner, Connections } from '../../../src/server/http/connections.ts';
import { listen } from '../../../src/server/http/listen.ts';
import { useCleanup } from '../../support/cleanup.ts';
import { eventually } from '../../support/eventually.ts';

describe('Room for connections', () => {
  const cleanup = useCleanup();
  const limit = 20;

  /** A server on which each connection is of whom its first request says in its path. */
  async function start() {
    const connections = new Connections(limit);
    const listening = await listen({
      connections,
      handleUpgrade: () => () => {},
      port: 0,
      callback: (request, response) => {
        connections.claim(request.socket, request.url?.slice(1) ?? '');
        response.end('ok');
      },
    });
    cleanup.add(() => listening.close());
    const open = async (owner?: string): Promise<Socket> => {
      const socket = connect(listening.port, '127.0.0.1');
      cleanup.add(() => socket.destroy());
      socket.on('error', () => undefined); // it was closed to make room
      await once(socket, 'connect');
      if (owner === undefined) return socket;
      socket.write(`GET /${owner} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      await once(socket, 'data');
      return socket;
    };
    return { connections, open };
  }

  it('is taken from whoever has most, the oldest first, never from windows', async () => {
    const { connections, open } = await start();
    const windows = [await open(adminOwner), await open(adminOwner)];
    const modest = await open('modest');
    const greedy: Socket[] = [];
    for (let count = 0; count < 3 * limit; count += 1) greedy.push(await open('greedy'));
    assert.equal(connections.count, limit);
    const left = () => greedy.filter(({ closed }) => !closed);
    await eventually(() => left().length === limit - windows.length - 1);
    assert.deepEqual(left(), greedy.slice(-left().length));
    windows.push(await open(adminOwner));
    await eventually(() => left().length === limit - windows.length - 1);
    for (const socket of [...windows, modest]) assert.equal(socket.closed, false);
  });

  it('is taken from those who say nothing, too', async () => {
    const { connections, open } = await start();
    const client = await open('client');
    for (let count = 0; count < 2 * limit; count += 1) await open();
    await eventually(() => connections.count === limit);
    const window = await open(adminOwner);
    assert.deepEqual([client.closed, window.closed], [false, false]);
  });

  it('is free again when they close', async () => {
    const { connections, open } = await start();
    const sockets = await Promise.all(Array.from({ length: limit }, () => open('client')));
    for (const socket of sockets) socket.destroy();
    await eventually(() => connections.count === 0);
  });

  it('ends where all are windows', async () => {
    const { connections, open } = await start();
    for (let count = 0; count < limit; count += 1) await open(adminOwner);
    const late = await open();
    await eventually(() => late.closed);
    assert.equal(connections.count, limit);
  });
});
