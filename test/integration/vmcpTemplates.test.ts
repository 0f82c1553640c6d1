import assert from 'node:assert/strict';
import { Cleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

describe('a vMCP from a template', () => {
  const cleanup = new Cleanup();
  let rest: CheckedRest;
  let files: string;
  let unknown: string;
  before(async () => {
    const server = await startServer(cleanup);
    rest = await CheckedRest.open(server.url);
    files = await rest.addNodeServer('files', upstreams.filesystem, [server.dataDir]);
    unknown = await rest.addNodeServer('unknown', 'nothing.js');
    await rest.addNodeServer('off', 'nothing.js', [], { enabled: false });
    await rest.connect(files);
  });
  after(() => cleanup.run());

  const make = (name: string, template: string, more = {}) =>
    rest.ok('POST', '/api/vmcps/from-template', { name, template, ...more });
  const serversOf = (vmcp: { mcp_servers: { server_id: string }[] }) =>
    vmcp.mcp_servers.map(({ server_id }) => server_id);

  it('holds everything of the servers that are enabled', async () => {
    const vmcp = await make('a', 'all');
    assert.deepEqual(serversOf(vmcp), [files, unknown]);
    assert.equal(vmcp.mcp_servers[0].tools, 'all');
    assert.deepEqual(vmcp.notes, []);
  });

  it('holds only the tools that call themselves read-only', async () => {
    const vmcp = await make('b', 'read_only', { server_ids: [files, unknown] });
    const [{ tools }, { tools: none }] = vmcp.mcp_servers;
    assert(tools.includes('read_text_file') && tools.includes('list_directory'));
    assert(!tools.includes('write_file') && !tools.includes('move_file'));
    assert.deepEqual(none, []);
    assert.match(vmcp.notes[0], /“unknown” was never connected/);
  });

  it('holds nothing', async () => {
    assert.deepEqual((await make('c', 'blank')).mcp_servers, []);
  });

  it('is refused for unknown servers and taken names', async () => {
    const send = (body: object) => rest.send('POST', '/api/vmcps/from-template', body);
    const lost = await send({ name: 'd', template: 'all', server_ids: ['server_none'] });
    assert.equal(lost.status, 404);
    assert.equal((await send({ name: 'A', template: 'blank' })).status, 409);
    assert.equal((await send({ name: 'e', template: 'other' })).status, 400);
  });
});
