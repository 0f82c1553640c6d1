import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import WebSocket from 'ws';
import { type ServerEvent, serverEventSchema } from '../../src/contract/events.ts';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

const lease = { type: 'lease', holder: 'window', version: '0.0.0', env: { PATH: '/bin' } };

for (const auth of ['none', 'token'] as const) {
  describe(`Events on /ws with authentication ${auth}`, function () {
    this.timeout(30_000);
    const cleanup = useCleanup(after);
    let server: TestServer;
    let token: string;
    let rest: Rest;

    before(async () => {
      server = await startServer(cleanup, { auth });
      token = await server.adminToken();
      rest = new Rest(server.url, token);
    });

    function open(headers: Record<string, string> = {}, path = '/ws'): WebSocket {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, { headers });
      cleanup.add(() => socket.terminate());
      return socket;
    }

    async function opened(headers: Record<string, string>): Promise<WebSocket> {
      const socket = open(headers);
      await once(socket, 'open');
      return socket;
    }

    /** With which status the server refuses an upgrade. */
    async function refusal(headers: Record<string, string>, path?: string): Promise<number> {
      const socket = open(headers, path);
      socket.on('error', () => {});
      const [, response] = await once(socket, 'unexpected-response');
      response.resume();
      return response.statusCode;
    }

    function eventsOf(socket: WebSocket): ServerEvent[] {
      const events: ServerEvent[] = [];
      socket.on('message', (data) =>
        events.push(serverEventSchema.parse(JSON.parse(data.toString()))),
      );
      return events;
    }

    const bearer = () => ({ authorization: `Bearer ${token}` });

    it('tells what changes', async () => {
      const socket = await opened(bearer());
      const events = eventsOf(socket);
      socket.send(JSON.stringify({ type: 'listen' }));
      const vmcp_id = await eventually(async () => {
        const id = await rest.addVmcp(`told ${events.length} ${Date.now()}`, []);
        return events.length > 0 ? id : undefined; // until the server has read the first message
      });
      await rest.ok('DELETE', `/api/vmcps/${vmcp_id}`);
      await eventually(() =>
        events.some((event) => event.type === 'vmcp.removed' && event.vmcp_id === vmcp_id),
      );
      assert.ok(events.some((event) => event.type === 'vmcp.changed' && event.vmcp_id === vmcp_id));
    });

    it('tells windows of each call, and launchers of none', async () => {
      const [window, launcher] = await Promise.all([opened(bearer()), opened(bearer())]);
      const told = eventsOf(window);
      const toldLauncher = eventsOf(launcher);
      window.send(JSON.stringify(lease));
      launcher.send(JSON.stringify({ ...lease, holder: 'launcher' }));
      const vmcp = await rest.addVmcp('watched', []);
      await eventually(() => told.length > 0 && toldLauncher.length > 0);
      await rest.send('POST', `/api/vmcps/${vmcp}/tools/call`, { name: 'none', arguments: {} });
      const event = await eventually(() => told.find(({ type }) => type === 'activity.calls'));
      assert(event.type === 'activity.calls');
      const [call] = event.finished;
      assert.equal(call?.client_name, 'REST');
      assert.equal(call?.success, false);
      const entry = await rest.ok('GET', `/api/stats/logs/${call?.log_id}`);
      assert.equal(entry.error, call?.error);
      assert.ok(!toldLauncher.some(({ type }) => type === 'activity.calls'));
      window.terminate();
      launcher.terminate();
    });

    it('takes leases from the holder of the admin token', async () => {
      const socket = await opened(bearer());
      const events = eventsOf(socket);
      socket.send(JSON.stringify(lease));
      await eventually(async () => {
        await rest.addVmcp(`leased ${Date.now()}`, []);
        return events.length > 0;
      });
      assert.equal(socket.readyState, WebSocket.OPEN);
    });

    it('closes connections that begin with anything else, and with too much', async () => {
      for (const [message, code] of [
        ['no json', 1008],
        ['{"type":"other"}', 1008],
        ['{"type":"lease"}', 1008],
        ['x'.repeat(2 * 1024 * 1024), undefined],
      ] as const) {
        const socket = await opened(bearer());
        socket.on('error', () => {});
        socket.send(message);
        const [closeCode] = await once(socket, 'close');
        if (code !== undefined) assert.equal(closeCode, code, message);
      }
    });

    it('refuses foreign hosts, foreign origins and other addresses', async () => {
      assert.equal(await refusal({ ...bearer(), host: 'evil.example' }), 403);
      assert.equal(await refusal({ ...bearer(), origin: 'https://evil.example' }), 403);
      assert.equal(await refusal(bearer(), '/other'), 404);
      assert.equal(await refusal(bearer(), '/mcp/x'), 404);
    });

    if (auth === 'token') {
      it('refuses a missing and a wrong token', async () => {
        assert.equal(await refusal({}), 404);
        assert.equal(await refusal({ authorization: 'Bearer wrong' }), 404);
      });
    } else {
      it('lets anyone listen without a token, but take no lease', async () => {
        const listener = await opened({});
        const events = eventsOf(listener);
        listener.send(JSON.stringify({ type: 'listen' }));
        await eventually(async () => {
          await rest.addVmcp(`heard ${Date.now()}`, []);
          return events.length > 0;
        });
        const other = await opened({});
        other.send(JSON.stringify(lease));
        assert.equal((await once(other, 'close'))[0], 1008);
      });
    }

    it('says goodbye when the server stops, which it does not delay', async () => {
      const socket = await opened(bearer());
      const events = eventsOf(socket);
      socket.send(JSON.stringify({ type: 'listen' }));
      await eventually(async () => {
        await rest.addVmcp(`last ${Date.now()}`, []);
        return events.length > 0;
      });
      const closed = once(socket, 'close');
      const start = performance.now();
      await rest.ok('POST', '/api/admin/stop', {});
      const [code] = await closed;
      await server.exited;
      assert.ok(performance.now() - start < 3_000, 'stopping took too long');
      assert.equal(code, 1001);
      assert.ok(events.some((event) => event.type === 'stopping' && !event.successor));
    });
  });
}
