import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerEvent } from '../../../src/contract/events.ts';
import { RestClient } from '../../../src/serverLink/restClient.ts';
import type { LinkState } from '../../../src/serverLink/serverLink.ts';
import { Emitter } from '../../../src/vscode/emitter.ts';
import { Inventory } from '../../../src/vscode/inventory.ts';
import type { InventoryChange } from '../../../src/vscode/inventoryChange.ts';
import { VmcpEdits } from '../../../src/vscode/vmcpEdits.ts';
import { eventually } from '../../support/eventually.ts';
import { anOffer, aServer, aVmcp } from './builders.ts';

const fail = (error: unknown) => assert.fail(String(error));

describe('a window on the server', () => {
  let server: Server;
  let client: RestClient;
  let answers: Record<string, unknown>;
  let asked: string[];
  let puts: unknown[];

  beforeEach(async () => {
    asked = [];
    puts = [];
    answers = { '/api/vmcps': [aVmcp()], '/api/mcp-servers': [aServer()] };
    server = createServer(async (request, reply) => {
      asked.push(`${request.method} ${request.url}`);
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.method === 'PUT') {
        const change = JSON.parse(body);
        puts.push(change);
        const url = request.url ?? '';
        answers[url] = { ...(answers[url] as object), ...change };
      }
      const answer = answers[request.url ?? ''];
      const status = answer === undefined ? 404 : 200;
      reply.writeHead(status).end(JSON.stringify(answer ?? { error: 'Not found', detail: 'x' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    client = new RestClient({ port, adminToken: 't' });
  });
  afterEach(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });

  function connectedSource() {
    const state = { status: 'connected', client } as LinkState;
    const states = new Emitter<LinkState>();
    const events = new Emitter<ServerEvent>();
    const source = { state, onDidChangeState: states.event, onEvent: events.event };
    return { source, connect: () => states.fire(state), send: (e: ServerEvent) => events.fire(e) };
  }

  it('reads the lists when connected, and again when events say so', async () => {
    const { source, connect, send } = connectedSource();
    const inventory = new Inventory(source, fail);
    connect();
    await eventually(() => inventory.loaded);
    assert.equal(inventory.vmcp('vmcp_1')?.name, 'dev');
    answers['/api/vmcps/vmcp_1'] = aVmcp({ name: 'prod' });
    asked.length = 0;
    const changes: InventoryChange[] = [];
    inventory.onDidChange((change) => changes.push(change));
    send({ type: 'vmcp.changed', vmcp_id: 'vmcp_1' });
    send({ type: 'vmcp.lists', vmcp_id: 'vmcp_1', kinds: ['tools'] });
    await eventually(() => inventory.vmcp('vmcp_1')?.name === 'prod');
    assert.deepEqual(asked, ['GET /api/vmcps/vmcp_1']);
    const none = new Set<string>();
    assert.deepEqual(changes, [
      { vmcps: new Set(['vmcp_1']), servers: none, vmcpList: false, serverList: false },
    ]);
    answers['/api/vmcps'] = [];
    send({ type: 'vmcp.removed', vmcp_id: 'vmcp_1' });
    await eventually(() => inventory.vmcps.length === 0);
    assert.deepEqual(changes[1], {
      vmcps: none,
      servers: none,
      vmcpList: true,
      serverList: false,
    });
    inventory.dispose();
  });

  it('shows a new state of a server at once', async () => {
    const { source, connect, send } = connectedSource();
    const inventory = new Inventory(source, fail);
    connect();
    await eventually(() => inventory.loaded);
    asked.length = 0;
    const status = { status: 'error', last_error: 'gone' } as const;
    send({ type: 'server.status', server_id: 'server_1', ...status });
    assert.equal(inventory.server('server_1')?.last_error, 'gone');
    assert.deepEqual(asked, []);
    inventory.dispose();
  });

  it('asks for a catalog once, and again when it changed', async () => {
    const { source, send } = connectedSource();
    const inventory = new Inventory(source, fail);
    assert.equal(await inventory.offer('server_1'), undefined);
    const path = '/api/mcp-servers/server_1/catalog';
    answers[path] = { server_id: 'server_1', fetched_at: '2026-01-01T00:00:00Z', ...anOffer };
    asked.length = 0;
    const [first, second] = await Promise.all([
      inventory.offer('server_1'),
      inventory.offer('server_1'),
    ]);
    assert.equal(first, second);
    assert.equal(first?.tools.length, 2);
    assert.deepEqual(asked, [`GET ${path}`]);
    send({ type: 'server.catalog', server_id: 'server_1' });
    await inventory.offer('server_1');
    assert.equal(asked.filter((request) => request === `GET ${path}`).length, 2);
    inventory.dispose();
  });

  it('edits one after the other, so that quick ticks do not undo each other', async () => {
    const path = '/api/vmcps/vmcp_1';
    answers[path] = aVmcp();
    const edits = new VmcpEdits(() => client);
    const untick = (key: string) =>
      edits.tick({
        vmcpId: 'vmcp_1',
        serverId: 'server_1',
        kind: 'tools',
        offered: ['a', 'b', 'c'],
        ticks: new Map([[key, false]]),
      });
    const [, last] = await Promise.all([untick('a'), untick('b')]);
    assert.deepEqual(last?.mcp_servers[0]?.tools, ['c']);
    assert.deepEqual(Object.keys(puts[0] as object), ['mcp_servers']);
  });

  it('goes on editing after an edit failed', async () => {
    const edits = new VmcpEdits(() => client);
    await assert.rejects(
      edits.edit('vmcp_1', (servers) => servers),
      /Not found/,
    );
    answers['/api/vmcps/vmcp_1'] = aVmcp();
    assert.equal((await edits.edit('vmcp_1', (servers) => servers)).name, 'dev');
  });
});
