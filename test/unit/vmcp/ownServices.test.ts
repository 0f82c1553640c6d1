import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { customToolSchema } from '../../../src/contract/customItems.ts';
import { createVmcps } from '../../../src/server/vmcp/configuration/createVmcps.ts';
import { CustomItems } from '../../../src/server/vmcp/custom/customItems.ts';
import { ResourceContents } from '../../../src/server/vmcp/custom/resourceContents.ts';
import { allRecords, useServices } from './serviceFixture.ts';

const python = (code: string) => customToolSchema.parse({ tool_type: 'python', name: 'py', code });
const http = (token: string, name = 'web') =>
  customToolSchema.parse({
    ...{ tool_type: 'http', name },
    api_config: { url: 'http://localhost', auth: { type: 'bearer', token } },
  });

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('credentials of custom tools', () => {
  const open = useServices();

  it('are kept apart, and come back for a run alone', async () => {
    const services = await open();
    const { vmcps } = services;
    const { vmcp_id, custom_tools } = await vmcps.create({
      name: 'a',
      custom_tools: [http('hush-hush')],
    });
    assert.doesNotMatch(allRecords(services) + JSON.stringify(custom_tools), /hush/);
    const [tool] = custom_tools;
    assert.ok(tool);
    assert.match(JSON.stringify(vmcps.withSecrets(vmcp_id, tool)), /hush-hush/);
    await vmcps.update(vmcp_id, { custom_tools });
    assert.match(JSON.stringify(vmcps.withSecrets(vmcp_id, tool)), /hush-hush/);
    await vmcps.update(vmcp_id, { custom_tools: [http('Bearer @config.key')] });
    assert.deepEqual(services.store.secrets.names('vmcp/'), []);
    assert.throws(() => vmcps.withSecrets(vmcp_id, tool), /auth\.token .* never given/);
  });

  it('move with a tool that is renamed', async () => {
    const { vmcps, store } = await open();
    const { vmcp_id, custom_tools } = await vmcps.create({
      name: 'a',
      custom_tools: [http('hush-hush')],
    });
    const items = new CustomItems(vmcps, store.secrets);
    const renamed = { ...http('********', 'other') };
    await items.replace(vmcp_id, 'custom_tools', 'web', renamed);
    assert.match(JSON.stringify(vmcps.withSecrets(vmcp_id, renamed)), /hush-hush/);
    assert.deepEqual(store.secrets.names('vmcp/'), [`vmcp/${vmcp_id}/tool/other/auth.token`]);
    assert.ok(custom_tools);
  });
});

describe('signatures of Python tools', () => {
  const open = useServices();

  it('are found out at save, once, and kept over a restart', async () => {
    const services = await open();
    const { vmcps, python: interpreter } = services;
    const { vmcp_id } = await vmcps.create({
      name: 'a',
      custom_tools: [python('def main(a, b): pass')],
    });
    await vmcps.update(vmcp_id, { description: 'changed' });
    assert.equal(interpreter.described.length, 1);
    const again = createVmcps(services);
    const [tool] = again.compiled(vmcp_id).tools;
    assert.deepEqual(tool?.inputSchema, {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
    });
    again.close();
    assert.equal(interpreter.described.length, 1);
    await vmcps.delete(vmcp_id);
    assert.deepEqual(
      [...services.store.collections.settings.all()]
        .map(({ key }) => key)
        .filter((key) => !key.startsWith('deletions/')),
      ['consent', 'vmcp_server_names'],
    );
  });

  it('refuse code that is none, with its place, and nothing is written', async () => {
    const { vmcps } = await open();
    const body = { name: 'a', custom_tools: [python('nonsense')] };
    await assert.rejects(vmcps.create(body), {
      detail: /^custom_tools\.0\.code: line 1, column 5/,
    });
    assert.deepEqual(vmcps.list(), []);
  });

  it('are made up for where no interpreter was to be had, at the next list', async () => {
    const services = await open();
    const { vmcps, python: interpreter, told, clock } = services;
    interpreter.canStart = false;
    const { vmcp_id } = await vmcps.create({
      name: 'a',
      custom_tools: [python('def main(a): pass')],
    });
    const schema = () => vmcps.compiled(vmcp_id).tools[0]?.inputSchema;
    assert.deepEqual(schema(), { type: 'object', properties: {}, additionalProperties: true });
    interpreter.canStart = true;
    await vmcps.prepareLists(vmcp_id, new AbortController().signal);
    assert.equal(interpreter.described.length, 0, 'not again so soon');
    clock.now += 31_000;
    told.length = 0;
    await vmcps.prepareLists(vmcp_id, new AbortController().signal);
    assert.deepEqual(schema(), { type: 'object', properties: { a: { type: 'string' } } });
  });
});

describe('files of resources', () => {
  const open = useServices();

  async function withResource() {
    const services = await open();
    const { vmcps, files, events, dataDir } = services;
    const contents = new ResourceContents({ vmcps, files, events });
    const { vmcp_id } = await vmcps.create({
      name: 'a',
      custom_resources: [
        { name: 'one', description: '', mime_type: 'text/plain' },
        { name: 'two', description: '', mime_type: 'text/plain' },
      ],
    });
    const onDisk = () => readdir(join(dataDir, 'resources', vmcp_id)).catch(() => []);
    return { ...services, contents, vmcp_id, onDisk };
  }

  it('are shared where two are equal, and go with the last', async () => {
    const { contents, vmcp_id, onDisk, vmcps } = await withResource();
    await contents.put(vmcp_id, 'one', chunks('sa', 'me'), undefined);
    await contents.put(vmcp_id, 'two', chunks('same'), undefined);
    assert.equal((await onDisk()).length, 1);
    const { custom_resources } = vmcps.get(vmcp_id);
    await vmcps.update(vmcp_id, { custom_resources: custom_resources.slice(1) });
    assert.equal((await onDisk()).length, 1);
    await vmcps.update(vmcp_id, { custom_resources: null });
    assert.deepEqual(await onDisk(), []);
  });

  it('do not stay where the resource goes while they come', async () => {
    const { contents, vmcp_id, onDisk, vmcps } = await withResource();
    async function* late() {
      yield Buffer.from('begin');
      await vmcps.delete(vmcp_id);
      yield Buffer.from('end');
    }
    await assert.rejects(contents.put(vmcp_id, 'one', late(), undefined), /There is no vMCP/);
    assert.deepEqual(await onDisk(), []);
  });

  it('all arrive where many come at once, and the last one stays', async () => {
    const { contents, vmcp_id, onDisk, files, vmcps } = await withResource();
    const all = Array.from({ length: 8 }, (_, n) =>
      contents.put(vmcp_id, 'one', chunks(`content ${n}`), undefined),
    );
    await Promise.all(all);
    assert.equal((await onDisk()).length, 1);
    const file = vmcps.get(vmcp_id).custom_resources[0]?.file;
    assert.match(
      (await files.read(vmcp_id, file ?? { bytes: 0, sha256: '' })).toString(),
      /^content/,
    );
  });

  it('that nobody refers to are swept away', async () => {
    const { contents, vmcp_id, onDisk, files, dataDir, store } = await withResource();
    await contents.put(vmcp_id, 'one', chunks('kept'), undefined);
    await writeFile(join(dataDir, 'resources', vmcp_id, 'left.tmp'), 'x');
    await files.sweep((id) => store.collections.vmcps.get(id));
    assert.equal((await onDisk()).length, 1);
    await files.sweep(() => undefined);
    assert.deepEqual(await readdir(join(dataDir, 'resources')), []);
  });
});
