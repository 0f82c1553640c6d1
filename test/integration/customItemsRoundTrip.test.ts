import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { secretMask } from '../../src/contract/secretMask.ts';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';

const httpTool = {
  tool_type: 'http',
  name: 'weather',
  variables: [{ name: 'city', type: 'str', required: true, enum: ['Paris', 'Rome'] }],
  keywords: ['rain'],
  api_config: {
    method: 'POST',
    url: 'http://127.0.0.1:9/{city}',
    headers: { 'X-Api-Key': 'literal-header-secret', Accept: 'text/plain' },
    query_params: { days: '@config.days', token: '@config.token' },
    body: { n: '@config.days', list: [1, null] },
    auth: { type: 'basic', username: '@config.user', password: 'literal-password' },
  },
};

/** The command lines of a process's children, where the system can tell. */
function childrenOf(pid: number): string {
  if (process.platform === 'win32') return '';
  const processes = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' });
  return processes
    .split('\n')
    .filter((line) => Number.parseInt(line, 10) === pid)
    .join('\n');
}

describe('Custom items on their way', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let here: TestServer;
  let there: TestServer;
  let from: CheckedRest;
  let to: CheckedRest;
  let vmcp: string;
  let path: string;

  before(async () => {
    [here, there] = await Promise.all([startServer(cleanup), startServer(cleanup)]);
    from = await CheckedRest.open(here.url);
    to = await CheckedRest.open(there.url);
    vmcp = await from.addVmcp('all kinds', [], {
      active_config: { days: 3 },
      custom_tools: [
        httpTool,
        { tool_type: 'python', name: 'py', code: 'def main(x: int): return x', enabled: false },
        { tool_type: 'prompt', name: 'text', text: '@@ {{{{ @param.x', variables: [{ name: 'x' }] },
        { tool_type: 'composite', name: 'steps', steps: [{ id: 'a', tool: 'text' }] },
      ],
      custom_prompts: [
        { name: 'talk', messages: [{ role: 'assistant', text: 'Hi' }] },
        { name: 'say', text: 'Say', title: 'Says' },
      ],
      custom_resources: [{ name: 'notes', text: '' }, { name: 'file.bin' }],
    });
    path = `/api/vmcps/${vmcp}`;
    await fetch(`${here.url}${path}/custom-resources/file.bin/content`, {
      method: 'PUT',
      headers: { 'content-type': 'image/gif' },
      body: new Uint8Array([0, 1, 254, 255]),
    });
  });

  it('show literal credentials as the mask, and what refers as it is', async () => {
    const { api_config } = await from.ok('GET', `${path}/custom-tools/weather`);
    assert.deepEqual(api_config.headers, { 'X-Api-Key': secretMask, Accept: 'text/plain' });
    assert.deepEqual(api_config.query_params, { days: '@config.days', token: '@config.token' });
    assert.deepEqual(api_config.auth, {
      type: 'basic',
      username: '@config.user',
      password: secretMask,
    });
  });

  it('are unchanged when what was got is sent back', async () => {
    const before = await from.ok('GET', path);
    const after = await from.ok('PUT', path, before);
    assert.deepEqual(after, before);
    const tool = await from.ok('GET', `${path}/custom-tools/weather`);
    assert.deepEqual(await from.ok('PUT', `${path}/custom-tools/weather`, tool), tool);
  });

  it('keep their credentials when renamed', async () => {
    const tool = await from.ok('GET', `${path}/custom-tools/weather`);
    await from.ok('PUT', `${path}/custom-tools/weather`, { ...tool, name: 'forecast' });
    const refused = await from.send('POST', `${path}/custom-tools`, { ...tool, name: 'new' });
    assert.equal(refused.status, 400);
    assert.match(refused.body.detail, /custom_tools\.4\.api_config\.auth\.password|headers/);
    const body = { tool: { ...tool, name: 'forecast' }, arguments: { city: 'Rome' } };
    const { result, resolved_request } = await from.ok('POST', `${path}/custom-tools/try`, {
      ...body,
      tool: {
        ...body.tool,
        api_config: { ...tool.api_config, query_params: {}, auth: { type: 'none' } },
      },
    });
    assert.equal(result.isError, true); // nobody listens there
    assert.doesNotMatch(JSON.stringify(resolved_request), /literal-header-secret/);
    await from.ok('PUT', `${path}/custom-tools/forecast`, tool);
  });

  it('keep their credentials when a PUT of the whole vMCP renames them and says so', async () => {
    const whole = await from.ok('GET', path);
    const rename = (before: string, name: string, more = {}) =>
      whole.custom_tools.map((tool: { name: string }) =>
        tool.name === before ? { ...tool, name, ...more } : tool,
      );
    const custom_tools = rename('weather', 'outlook');
    const refused = await from.send('PUT', path, { custom_tools });
    assert.equal(refused.status, 400);
    assert.match(
      refused.body.error,
      /give the name that a renamed tool had before as "previous_name"/,
    );
    const unknown = rename('weather', 'outlook', { previous_name: 'nowhere' });
    const wrong = await from.send('PUT', path, { custom_tools: unknown });
    assert.match(wrong.body.detail, /^custom_tools\.\d+\.previous_name/);
    const told = rename('weather', 'outlook', { previous_name: 'weather' });
    const after = await from.ok('PUT', path, { custom_tools: told });
    assert.deepEqual(after.custom_tools, custom_tools);
    const tool = await from.ok('GET', `${path}/custom-tools/outlook`);
    const tried = await from.ok('POST', `${path}/custom-tools/try`, {
      tool: { ...tool, api_config: { ...tool.api_config, query_params: {} } },
      arguments: { city: 'Rome' },
    });
    assert.doesNotMatch(JSON.stringify(tried.result), /never given/);
    const back = after.custom_tools.map((one: { name: string }) =>
      one.name === 'outlook' ? { ...one, name: 'weather', previous_name: 'outlook' } : one,
    );
    assert.deepEqual(
      (await from.ok('PUT', path, { custom_tools: back })).custom_tools,
      whole.custom_tools,
    );
  });

  it('come back from an export as they were, without secrets', async () => {
    const exported = await from.ok('GET', `${path}/export`);
    assert.doesNotMatch(JSON.stringify(exported), /literal-(password|header-secret)/);
    const { notes, ...imported } = await to.ok('POST', '/api/vmcps/import', exported);
    assert.deepEqual(notes.toSorted(), [
      'Enter custom_tools.0.api_config.auth.password of vMCP "all kinds": secrets are not exported.',
      'Enter custom_tools.0.api_config.headers.X-Api-Key of vMCP "all kinds": secrets are not exported.',
    ]);
    const again = await to.ok('GET', `/api/vmcps/${imported.vmcp_id}/export`);
    assert.deepEqual(again, exported);
    const content = `/api/vmcps/${imported.vmcp_id}/custom-resources/file.bin/content`;
    const got = await fetch(`${there.url}${content}`);
    assert.equal(got.headers.get('content-type'), 'image/gif');
    assert.deepEqual([...new Uint8Array(await got.arrayBuffer())], [0, 1, 254, 255]);
    const body = { name: 'vmcp.weather', arguments: { city: 'Rome' } };
    const { content: said } = await to.ok(
      'POST',
      `/api/vmcps/${imported.vmcp_id}/tools/call`,
      body,
    );
    assert.match(said[0].text, /credential .* was never given/);
  });

  it('with errors are kept by an import, and shown with the problem', async () => {
    const vmcpBody = {
      name: 'broken',
      custom_tools: [
        { tool_type: 'prompt', name: 'open', text: '{{#open}}' },
        { tool_type: 'python', name: 'bad', code: 'def main(:' },
      ],
    };
    const { vmcp_id, custom_tools } = await to.ok('POST', '/api/vmcps/import', vmcpBody);
    assert.equal(custom_tools.length, 2);
    await to.ok('GET', `/api/vmcps/${vmcp_id}/tools`);
    const { problems } = await to.ok('GET', `/api/vmcps/${vmcp_id}`);
    assert.deepEqual(
      problems.map(({ server_id, tool }: { server_id: string; tool: string }) => [server_id, tool]),
      [
        ['vmcp', 'open'],
        ['vmcp', 'bad'],
      ],
    );
    await to.ok('PUT', `/api/vmcps/${vmcp_id}`, { description: 'still editable' });
  });

  it('survive a restart, without Python being started for a list', async () => {
    const tool = { tool_type: 'python', name: 'live', code: 'def main(n: int): return n' };
    await from.ok('POST', `${path}/custom-tools`, tool);
    const { tools } = await from.ok('GET', `${path}/tools`);
    const before = await from.ok('GET', path);
    await here.restart();
    assert.deepEqual(await from.ok('GET', path), before);
    assert.deepEqual((await from.ok('GET', `${path}/tools`)).tools, tools);
    assert.doesNotMatch(childrenOf(here.pid), /pythonRunner/);
    const content = await fetch(`${here.url}${path}/custom-resources/file.bin/content`);
    assert.equal((await content.arrayBuffer()).byteLength, 4);
    const body = { name: 'vmcp.live', arguments: { n: 1 } };
    await from.ok('POST', `${path}/tools/call`, body);
    if (process.platform !== 'win32') assert.match(childrenOf(here.pid), /pythonRunner/);
  });
});
