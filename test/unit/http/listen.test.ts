import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Connections } from '../../../src/server/http/connections.ts';
import { type Listening, listen, PortInUseError } from '../../../src/server/http/listen.ts';
import { useCleanup } from '../../support/cleanup.ts';

describe('Listening', () => {
  const cleanup = useCleanup();

  async function start(
    callback: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
      response.end('ok'),
    port = 0,
  ): Promise<Listening> {
    const connections = new Connections();
    const handleUpgrade = () => () => {};
    const listening = await listen({ callback, connections, handleUpgrade, port });
    cleanup.add(() => listening.close());
    return listening;
  }

  it('answers on both loopback addresses, on one port', async () => {
    const { port, hasIpv6 } = await start();
    assert.ok(port > 0);
    for (const host of hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']) {
      assert.equal(await (await fetch(`http://${host}:${port}`)).text(), 'ok');
    }
  });

  it('says which port is taken', async () => {
    const { port } = await start();
    await assert.rejects(start(undefined, port), (error) => {
      assert.ok(error instanceof PortInUseError);
      assert.equal(error.port, port);
      assert.match(error.message, new RegExp(`${port}.*--port`));
      return true;
    });
  });

  it('does not share a port with a program on ::1 alone, and leaves nothing open then', async () => {
    const other = createServer();
    other.listen({ port: 0, host: '::1' });
    const isIpv6 = await Promise.race([
      once(other, 'listening').then(() => true),
      once(other, 'error').then(() => false),
    ]);
    if (!isIpv6) return; // a machine without ::1
    cleanup.add(() => other.close());
    const { port } = other.address() as { port: number };
    await assert.rejects(start(undefined, port), PortInUseError);
    await assert.rejects(fetch(`http://127.0.0.1:${port}`));
  });

  it('lets a request in flight end, then closes kept-alive connections, too', async () => {
    let finish = () => {};
    const arrived = new Promise<void>((resolve) => {
      void start((_, response) => {
        finish = () => response.end('late');
        resolve();
      }).then((listening) => {
        running = listening;
        answered = get(listening.port);
      });
    });
    let running: Listening | undefined;
    let answered: Promise<string> | undefined;
    await arrived;
    const closed = running?.close();
    finish();
    assert.equal(await answered, 'late');
    await closed;
  });

  it('does not wait for connections that never spoke', async () => {
    const listening = await start();
    const socket = connect(listening.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    await listening.close();
    if (!socket.closed) await once(socket, 'close');
  });
});

function get(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, headers: { connection: 'keep-alive' } }, (response) =>
      resolve(text(response)),
    )
      .on('error', reject)
      .end();
  });
}
