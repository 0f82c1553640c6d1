import assert from 'node:assert/strict';
import { vmcpExportSchema } from '../../../src/contract/vmcps.ts';
import { AppError } from '../../../src/server/appErrors.ts';
import { allRecords, type Services, useServices } from './serviceFixture.ts';

const mask = '********';

/** A vMCP that uses all there is. */
async function makeVmcp({ servers, vmcps }: Services) {
  const { server_id } = await servers.create({
    name: 'files',
    transport_type: 'stdio',
    config: { command: 'node', args: ['x'], env: { TOKEN: 'hush' }, cwd: '/' },
    description: 'Files',
    start: 'onList',
  });
  const remote = await servers.create({
    name: 'remote',
    transport_type: 'http',
    config: { url: 'http://localhost:1/mcp', headers: {} },
    auth: { type: 'bearer', token: 'hush' },
  });
  return vmcps.create({
    name: 'My vMCP',
    description: 'd',
    mcp_servers: [
      {
        server_id,
        tools: ['a'],
        overrides: { a: { name: 'b', arguments: { x: { value: [1] } } } },
      },
      { server_id: remote.server_id, priority: 7, resources: ['x://1'] },
    ],
    active_config: { key: 'hush', plain: { x: 1 } },
    secret_keys: ['key'],
    system_prompt: 's',
    options: { tool_names: 'plain', substitute_arguments: true, server_instructions: false },
  });
}

/** As a file would hold it. */
async function exported({ vmcps }: Services, vmcpId: string) {
  return vmcpExportSchema.parse(JSON.parse(JSON.stringify(await vmcps.export(vmcpId))));
}

describe('export and import of a vMCP', () => {
  const open = useServices();

  it('hold no secret', async () => {
    const services = await open();
    const file = await exported(services, (await makeVmcp(services)).vmcp_id);
    assert.doesNotMatch(JSON.stringify(file), /hush/);
    assert.deepEqual(file.active_config, { key: mask, plain: { x: 1 } });
  });

  it('bring everything else to another machine, which makes the servers', async () => {
    const [here, there] = [await open(), await open()];
    const original = await makeVmcp(here);
    const file = await exported(here, original.vmcp_id);
    const { vmcp, notes } = await there.vmcps.import(file);
    assert.deepEqual(
      there.servers.list().map(({ name }) => name),
      ['files', 'remote'],
    );
    const withoutIds = ({ mcp_servers = [], ...rest }: typeof file) => ({
      ...rest,
      mcp_servers: mcp_servers.map(({ server_id: _, ...server }) => server),
    });
    assert.deepEqual(withoutIds(await exported(there, vmcp.vmcp_id)), withoutIds(file));
    assert.deepEqual(notes, [
      'Enter config.env.TOKEN of server "files": secrets are not exported.',
      'Enter auth.token of server "remote": secrets are not exported.',
      'Enter active_config.key of vMCP "My vMCP": secrets are not exported.',
    ]);
    assert.deepEqual(there.vmcps.activeConfig(vmcp.vmcp_id), { plain: { x: 1 } });
  });

  it('use the servers that are there, by id, definition or name', async () => {
    const services = await open();
    const original = await makeVmcp(services);
    const file = await exported(services, original.vmcp_id);
    const again = await services.vmcps.import(file);
    assert.equal(services.servers.list().length, 2);
    assert.equal(again.vmcp.name, 'My vMCP 2');
    assert.ok(again.notes.includes('The vMCP "My vMCP" is called "My vMCP 2" here.'));
    const foreign = file.mcp_servers?.map(({ server_id: _, ...server }) => server) ?? [];
    const third = await services.vmcps.import({ name: 'third', mcp_servers: foreign });
    const fourth = await services.vmcps.import({
      name: 'fourth',
      mcp_servers: [{ name: 'FILES' }],
    });
    assert.equal(services.servers.list().length, 2);
    const ids = original.mcp_servers.map(({ server_id }) => server_id);
    assert.deepEqual(
      third.vmcp.mcp_servers.map(({ server_id }) => server_id),
      ids,
    );
    assert.deepEqual(
      fourth.vmcp.mcp_servers.map(({ server_id }) => server_id),
      ids.slice(0, 1),
    );
  });

  it('rename what has an illegal or taken name, leave out what nobody knows, and tell', async () => {
    const services = await open();
    await makeVmcp(services);
    const { vmcp, notes } = await services.vmcps.import({
      name: 'Ärger/…',
      mcp_servers: [
        { server_id: 'server_456', name: 'filesystem' },
        { name: 'files', transport_type: 'stdio', config: { command: 'other' } },
      ],
    });
    assert.equal(vmcp.name, '-rger-');
    assert.deepEqual(
      vmcp.mcp_servers.map(({ name }) => name),
      ['files 2'],
    );
    assert.deepEqual(notes, [
      'Server "server_456" is left out: it is not here, and the file does not define it.',
      'The server "files" is called "files 2" here.',
      'The vMCP "Ärger/…" is called "-rger-" here.',
    ]);
  });

  it('take secrets that stand in a file as secrets', async () => {
    const services = await open();
    const { vmcp } = await services.vmcps.import({
      name: 'v',
      mcp_servers: [
        { name: 's', transport_type: 'stdio', config: { command: 'x', env: { A: 'hush' } } },
      ],
      active_config: { key: 'hush' },
      secret_keys: ['key'],
    });
    assert.doesNotMatch(allRecords(services), /hush/);
    assert.deepEqual(services.vmcps.activeConfig(vmcp.vmcp_id), { key: 'hush' });
  });

  it('refuse a definition that is none, make nothing, and say where', async () => {
    const { vmcps, servers } = await open();
    const mcp_servers = [
      { name: 'ok', transport_type: 'stdio', config: { command: 'x' } },
      { name: 'bad', transport_type: 'carrier pigeon', config: {} },
    ];
    await assert.rejects(
      vmcps.import({ name: 'v', mcp_servers }),
      (error: unknown) =>
        error instanceof AppError && error.detail.startsWith('mcp_servers.1.transport_type'),
    );
    assert.deepEqual([vmcps.list(), servers.list()], [[], []]);
  });
});
