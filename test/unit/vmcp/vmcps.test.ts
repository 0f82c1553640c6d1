import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { updateVmcpSchema } from '../../../src/contract/vmcps.ts';
import { AppError } from '../../../src/server/appErrors.ts';
import { createVmcps } from '../../../src/server/vmcp/configuration/createVmcps.ts';
import { eventually } from '../../support/eventually.ts';
import { aTool, namesOf } from './builders.ts';
import { allRecords, type Services, useServices } from './serviceFixture.ts';

const mask = '********';

function fails(code: AppError['code'], detail: string) {
  return (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    assert.deepEqual([error.code, error.detail], [code, detail]);
    return true;
  };
}

async function addServer({ servers, upstreams }: Services, name: string, tools: string[]) {
  const { server_id } = await servers.create({
    name,
    transport_type: 'stdio',
    config: { command: name, args: [], env: {} },
  });
  await upstreams.show(server_id, { tools: tools.map((tool) => aTool(tool)) });
  return server_id;
}

/** What the vMCPs were told to have listed anew, until now. */
function listEvents({ told }: Services) {
  return told.filter(({ type }) => type === 'vmcp.lists');
}

describe('vMCPs', () => {
  const open = useServices();

  it('are created with all of their servers’ things, by position', async () => {
    const services = await open();
    const a = await addServer(services, 'a', ['x']);
    const b = await addServer(services, 'b', ['y', 'z']);
    const vmcp = await services.vmcps.create({
      name: 'My vMCP',
      mcp_servers: [{ server_id: a }, { server_id: b }],
    });
    assert.match(vmcp.vmcp_id, /^vmcp_[0-9a-f]{32}$/);
    const all = { tools: 'all', resources: 'all', prompts: 'all', overrides: {} };
    assert.deepEqual(vmcp.mcp_servers, [
      { server_id: a, name: 'a', priority: 1, ...all },
      { server_id: b, name: 'b', priority: 2, ...all },
    ]);
    assert.deepEqual(vmcp.counts, { tools: 3, resources: 0, prompts: 0 });
    assert.deepEqual(vmcp.problems, []);
    assert.deepEqual(services.vmcps.list(), [vmcp]);
    assert.equal(services.vmcps.find(vmcp.vmcp_id), vmcp.vmcp_id);
    assert.equal(services.vmcps.find('my VMCP'), vmcp.vmcp_id);
    assert.equal(services.vmcps.find('other'), undefined);
    assert.equal(services.vmcps.compiled(vmcp.vmcp_id).serverName, 'my_vmcp');
  });

  it('refuse unknown and repeated servers and taken names, and say where', async () => {
    const services = await open();
    const { vmcps } = services;
    const a = await addServer(services, 'a', []);
    const [first, twice] = [{ server_id: a }, { server_id: 'server_x' }];
    await assert.rejects(
      vmcps.create({ name: 'v', mcp_servers: [first, twice] }),
      fails('invalid', 'mcp_servers.1.server_id'),
    );
    await assert.rejects(
      vmcps.create({ name: 'v', mcp_servers: [first, first] }),
      fails('invalid', 'mcp_servers.1.server_id'),
    );
    await vmcps.create({ name: 'v' });
    await assert.rejects(vmcps.create({ name: 'V' }), fails('conflict', 'name'));
    assert.equal(vmcps.list().length, 1);
    assert.throws(() => vmcps.compiled('vmcp_x'), fails('not_found', 'vmcp_x'));
  });

  it('keep what a change leaves out, of their servers too, and clear with null', async () => {
    const services = await open();
    const { vmcps } = services;
    const a = await addServer(services, 'a', ['x', 'y']);
    const { vmcp_id } = await vmcps.create({
      name: 'v',
      description: 'd',
      system_prompt: 's',
      mcp_servers: [{ server_id: a, tools: ['x'], overrides: { x: { title: 'X' } } }],
    });
    const after = await vmcps.update(vmcp_id, {
      description: null,
      mcp_servers: [{ server_id: a, priority: 9 }],
    });
    assert.deepEqual([after.description, after.system_prompt, after.name], ['', 's', 'v']);
    assert.deepEqual(after.mcp_servers, [
      {
        server_id: a,
        name: 'a',
        priority: 9,
        tools: ['x'],
        resources: 'all',
        prompts: 'all',
        overrides: { x: { title: 'X' } },
      },
    ]);
    assert.deepEqual((await vmcps.update(vmcp_id, { mcp_servers: null })).mcp_servers, []);
  });

  it('change nothing when any answer is sent back', async () => {
    const services = await open();
    const { vmcps, clock, told } = services;
    const serverIds = [await addServer(services, 'a', ['x']), await addServer(services, 'b', [])];
    const body = fc.record(
      {
        name: fc.stringMatching(/^[A-Za-z0-9 _-]{1,20}$/),
        description: fc.string(),
        system_prompt: fc.string(),
        active_config: fc.dictionary(
          fc.constantFrom('a', 'b', 'secret'),
          fc.constantFrom('x', 1, null, [2], { y: 1 }),
        ),
        secret_keys: fc.constantFrom<string[]>([], ['secret'], ['secret', 'absent']),
        mcp_servers: fc.subarray(serverIds).map((ids) =>
          ids.map((server_id) => ({
            server_id,
            tools: ['x', 'gone'],
            overrides: { gone: { name: 'n' } },
          })),
        ),
      },
      { requiredKeys: ['name'] },
    );
    await fc.assert(
      fc.asyncProperty(body, async (wanted) => {
        const vmcp = await vmcps.create(wanted);
        told.length = 0;
        clock.now += 1_000;
        const back = updateVmcpSchema.parse(JSON.parse(JSON.stringify(vmcp)));
        assert.deepEqual(await vmcps.update(vmcp.vmcp_id, back), vmcp);
        assert.deepEqual(
          told.filter(({ type }) => type === 'vmcp.changed'),
          [],
        );
        await vmcps.delete(vmcp.vmcp_id);
      }),
      { numRuns: 30 },
    );
  });

  it('keep secret values of the configuration apart', async () => {
    const services = await open();
    const { vmcps, store } = services;
    const { vmcp_id, active_config } = await vmcps.create({
      name: 'v',
      active_config: { key: 'hush', list: ['hush'], plain: 'seen' },
      secret_keys: ['key', 'list', 'later'],
    });
    assert.deepEqual(active_config, { key: mask, list: mask, plain: 'seen' });
    assert.doesNotMatch(allRecords(services), /hush/);
    assert.deepEqual(vmcps.maskedConfig(vmcp_id), active_config);
    assert.deepEqual(vmcps.activeConfig(vmcp_id), { key: 'hush', list: ['hush'], plain: 'seen' });
    await vmcps.update(vmcp_id, { active_config: { key: 'hush 2', plain: 'seen' } });
    assert.deepEqual(vmcps.activeConfig(vmcp_id), { key: 'hush 2', plain: 'seen' });
    await vmcps.update(vmcp_id, { secret_keys: ['key', 'plain'] });
    assert.deepEqual(vmcps.get(vmcp_id).active_config, { key: mask, plain: mask });
    assert.deepEqual(vmcps.activeConfig(vmcp_id), { key: 'hush 2', plain: 'seen' });
    await assert.rejects(
      vmcps.update(vmcp_id, { secret_keys: ['plain'] }),
      fails('invalid', 'active_config.key'),
    );
    await assert.rejects(
      vmcps.update(vmcp_id, { secret_keys: ['key', 'new'], active_config: { new: mask } }),
      fails('invalid', 'active_config.new'),
    );
    await vmcps.delete(vmcp_id);
    assert.deepEqual(store.secrets.names('vmcp/'), []);
  });

  it('refuse secrets while these are locked', async () => {
    const { vmcps } = await open({ locked: true });
    const secret = { name: 'v', active_config: { a: 1 }, secret_keys: ['a'] };
    await assert.rejects(
      vmcps.create(secret),
      (error: unknown) => error instanceof AppError && error.code === 'locked',
    );
    assert.deepEqual(vmcps.list(), []);
    await vmcps.create({ name: 'v', active_config: { a: 1 } });
  });

  it('refuse overrides that do not fit, and say where', async () => {
    const services = await open();
    const { vmcps, upstreams } = services;
    const server_id = await addServer(services, 'a', []);
    const inputSchema = {
      type: 'object',
      properties: { a: {}, b: {} },
      required: ['b'],
      oneOf: [{}, { required: ['a'] }],
    };
    await upstreams.show(server_id, { tools: [aTool('add', { inputSchema }), aTool('sub')] });
    const overrides = (add: object) => ({
      name: 'v',
      mcp_servers: [{ server_id, overrides: { add } }],
    });
    await assert.rejects(
      vmcps.create(overrides({ arguments: { a: { value: 1 } } })),
      fails(
        'invalid',
        'mcp_servers.0.overrides.add.arguments.a: also used in inputSchema.oneOf.1.required',
      ),
    );
    await assert.rejects(
      vmcps.create(overrides({ arguments: { b: { hidden: true } } })),
      fails(
        'invalid',
        'mcp_servers.0.overrides.add.arguments.b: a required argument can only be hidden with a value',
      ),
    );
    await assert.rejects(
      vmcps.create({
        name: 'v',
        mcp_servers: [{ server_id, overrides: { add: { name: 'n' }, sub: { name: 'n' } } }],
      }),
      fails('conflict', 'mcp_servers.0.overrides.sub.name'),
    );
    assert.equal(vmcps.list().length, 0);
  });

  it('still take changes after a server’s schema made an override unfit, and show that', async () => {
    const services = await open();
    const { vmcps, upstreams } = services;
    const server_id = await addServer(services, 'a', []);
    const properties = { a: {} };
    await upstreams.show(server_id, {
      tools: [aTool('add', { inputSchema: { type: 'object', properties } })],
    });
    const overrides = { add: { arguments: { a: { value: 1 } } } };
    const { vmcp_id } = await vmcps.create({ name: 'v', mcp_servers: [{ server_id, overrides }] });
    const inputSchema = { type: 'object', properties, not: { required: ['a'] } };
    await upstreams.show(server_id, { tools: [aTool('add', { inputSchema })] });
    const after = await vmcps.update(vmcp_id, {
      mcp_servers: [{ server_id, overrides, priority: 3 }],
    });
    assert.deepEqual(after.problems, [
      { server_id, tool: 'add', argument: 'a', message: 'also used in inputSchema.not.required' },
    ]);
  });

  it('tell which lists changed when a catalog does, and nothing when none did', async () => {
    const services = await open();
    const { vmcps, upstreams } = services;
    const a = await addServer(services, 'a', ['x']);
    const b = await addServer(services, 'b', ['x']);
    const { vmcp_id } = await vmcps.create({ name: 'v', mcp_servers: [{ server_id: a }] });
    await upstreams.show(b, { tools: [] });
    await upstreams.show(a, { tools: [aTool('x')] });
    await upstreams.show(a, { tools: [aTool('x')], prompts: [{ name: 'p' }] });
    await eventually(() => listEvents(services).length > 0);
    assert.deepEqual(listEvents(services), [{ type: 'vmcp.lists', vmcp_id, kinds: ['prompts'] }]);
    assert.deepEqual(namesOf(vmcps.compiled(vmcp_id).prompts), ['a_p']);
  });

  it('tell of a tool that is ticked off, at once and to be found no more', async () => {
    const services = await open();
    const { vmcps } = services;
    const server_id = await addServer(services, 'a', ['x', 'y']);
    const { vmcp_id } = await vmcps.create({ name: 'v', mcp_servers: [{ server_id }] });
    const before = vmcps.compiled(vmcp_id);
    await vmcps.update(vmcp_id, { mcp_servers: [{ server_id, tools: ['y'] }] });
    assert.equal(vmcps.compiled(vmcp_id).resolveTool('a_x'), undefined);
    assert.notEqual(vmcps.compiled(vmcp_id).revision, before.revision);
    await eventually(() => listEvents(services).length > 0);
    assert.deepEqual(listEvents(services), [{ type: 'vmcp.lists', vmcp_id, kinds: ['tools'] }]);
    assert.equal(vmcps.compiled(vmcp_id), vmcps.compiled(vmcp_id));
  });

  it('keep names with their tools over a restart and a change of order', async () => {
    const services = await open();
    const { vmcps } = services;
    const a = await addServer(services, 'a_b', ['c']);
    const b = await addServer(services, 'a', ['b_c']);
    const { vmcp_id } = await vmcps.create({
      name: 'v',
      mcp_servers: [{ server_id: a }, { server_id: b }],
    });
    const names = namesOf(vmcps.compiled(vmcp_id).tools);
    assert.equal(names[0], 'a_b_c');
    await vmcps.update(vmcp_id, { mcp_servers: [{ server_id: b, priority: 0 }, { server_id: a }] });
    assert.deepEqual(namesOf(vmcps.compiled(vmcp_id).tools), names.toReversed());
    const restarted = createVmcps(services);
    assert.deepEqual(namesOf(restarted.compiled(vmcp_id).tools), names.toReversed());
    restarted.close();
  });

  it('are gone with all that was kept of them when deleted', async () => {
    const services = await open();
    const { vmcps, store, told } = services;
    const server_id = await addServer(services, 'a', ['x']);
    const { vmcp_id } = await vmcps.create({ name: 'v', mcp_servers: [{ server_id }] });
    await vmcps.delete(vmcp_id);
    assert.deepEqual(told.at(-1), { type: 'vmcp.removed', vmcp_id });
    assert.equal(store.collections.nameClaims.get(vmcp_id), undefined);
    assert.equal(vmcps.find('v'), undefined);
    await assert.rejects(vmcps.delete(vmcp_id), fails('not_found', vmcp_id));
  });

  it('keep each change when many come at once', async () => {
    const { vmcps } = await open();
    const { vmcp_id } = await vmcps.create({ name: 'v', secret_keys: ['k'] });
    await Promise.all([
      vmcps.update(vmcp_id, { active_config: { k: 'hush' } }),
      vmcps.update(vmcp_id, { description: 'd' }),
      vmcps.update(vmcp_id, { system_prompt: 's' }),
    ]);
    const { description, system_prompt } = vmcps.get(vmcp_id);
    assert.deepEqual([description, system_prompt], ['d', 's']);
    assert.deepEqual(vmcps.activeConfig(vmcp_id), { k: 'hush' });
  });
});

describe('before the first list', () => {
  const open = useServices();

  it('a server that was never seen is awaited, one that fails does not fail the list', async () => {
    const services = await open();
    const { vmcps, servers, upstreams } = services;
    const config = { command: 'x', args: [], env: {} };
    const [good, bad] = await Promise.all(
      ['good', 'bad'].map((name) => servers.create({ name, transport_type: 'stdio', config })),
    );
    const ids = [good?.server_id ?? '', bad?.server_id ?? ''] as const;
    upstreams.answers.set(ids[0], () => Promise.resolve({ tools: [aTool('x')] }));
    upstreams.answers.set(ids[1], () => Promise.reject(new Error('does not start')));
    const { vmcp_id } = await vmcps.create({
      name: 'v',
      mcp_servers: ids.map((server_id) => ({ server_id })),
    });
    await vmcps.prepareLists(vmcp_id, new AbortController().signal);
    assert.deepEqual(namesOf(vmcps.compiled(vmcp_id).tools), ['good_x']);
    await vmcps.prepareLists(vmcp_id, new AbortController().signal);
    assert.deepEqual(upstreams.refreshed, ids, 'a server that failed is not started by every list');
    services.clock.now += 30_000;
    await vmcps.prepareLists(vmcp_id, new AbortController().signal);
    assert.deepEqual(upstreams.refreshed, [...ids, ids[1]]);
  });

  it('nothing is awaited that is known, however old', async () => {
    const services = await open();
    const { vmcps, servers, upstreams } = services;
    const old = await addServer(services, 'old', ['x']);
    const ready = await addServer(services, 'ready', ['x']);
    upstreams.stale.add(old);
    await servers.update(ready, { start: 'onList' });
    const { vmcp_id } = await vmcps.create({
      name: 'v',
      mcp_servers: [{ server_id: old }, { server_id: ready }],
    });
    await vmcps.prepareLists(vmcp_id, new AbortController().signal);
    assert.deepEqual([upstreams.refreshed, upstreams.connected], [[old], [ready]]);
  });

  it('a client that goes ends the wait', async () => {
    const services = await open();
    const { server_id } = await services.servers.create({
      name: 'hangs',
      transport_type: 'stdio',
      config: { command: 'x', args: [], env: {} },
    });
    const { vmcp_id } = await services.vmcps.create({ name: 'v', mcp_servers: [{ server_id }] });
    const client = new AbortController();
    const prepared = services.vmcps.prepareLists(vmcp_id, client.signal);
    client.abort(new Error('gone'));
    await assert.rejects(prepared, /gone/);
  });
});
