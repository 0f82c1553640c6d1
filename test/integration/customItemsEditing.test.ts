import { strict as assert } from 'node:assert';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

describe('What editors ask for', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let server: string;
  let vmcp: string;

  before(async () => {
    rest = await CheckedRest.open((await startServer(cleanup)).url);
    server = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.connect(server);
    vmcp = await rest.addVmcp('own', [server], {
      active_config: { city: 'Paris' },
      custom_tools: [{ tool_type: 'prompt', name: 'greet', text: 'Hello' }],
      custom_prompts: [{ name: 'talk', text: 'Talk' }],
      custom_resources: [{ name: 'rules.md', text: '# Rules' }],
    });
  });

  const check = (tool: object) =>
    rest.ok('POST', `/api/vmcps/${vmcp}/custom-tools/check`, { tool });

  it('a tool that is being written is checked, and told what it takes', async () => {
    const code = 'def main(a: int, b: str = "x"):\n    """Does it."""\n    return a\n';
    const checked = await check({ tool_type: 'python', name: 'x', code });
    assert.deepEqual(checked.problems, []);
    assert.deepEqual(checked.input_schema.required, ['a']);
    assert.equal(checked.description, 'Does it.');
    assert.equal((await rest.ok('GET', `/api/vmcps/${vmcp}`)).custom_tools.length, 1);
  });

  it('each problem has its place: in code, in templates, in fields', async () => {
    const python = await check({ tool_type: 'python', name: 'x', code: 'def main(:\n  pass' });
    assert.equal(python.problems[0].path, 'code');
    assert.match(python.problems[0].message, /^line 1, column \d+: /);
    const composite = await check({
      tool_type: 'composite',
      name: 'x',
      steps: [
        { id: 'a', tool: 'greet', if: '{{#open}}' },
        { id: 'a', tool: 'x' },
      ],
    });
    assert.deepEqual(
      composite.problems.map(({ path }: { path: string }) => path),
      ['steps.1.id', 'steps.1.tool', 'steps.0.if'],
    );
    const malformed = await check({ tool_type: 'http', name: 'no name', api_config: { url: '' } });
    assert.deepEqual(
      malformed.problems.map(({ path }: { path: string }) => path),
      ['name', 'api_config.url'],
    );
  });

  it('the names for templates are told without asking a server or counting as use', async () => {
    const count = async () => (await rest.ok('GET', `/api/stats?vmcp_id=${vmcp}`)).logs.length;
    const before = await count();
    const names = await rest.ok('GET', `/api/vmcps/${vmcp}/templates/names`);
    const tools = names.tools.map(({ name }: { name: string }) => name);
    assert(tools.includes('vmcp.greet') && tools.includes('everything.echo'), tools);
    assert(names.prompts.some(({ name }: { name: string }) => name === 'vmcp.talk'));
    assert(names.resources.some(({ name }: { name: string }) => name === 'rules.md'));
    assert.deepEqual(names.config, ['city']);
    assert.equal(await count(), before);
  });

  it('a server is used as it is, without a vMCP', async () => {
    const path = `/api/mcp-servers/${server}`;
    const echo = { name: 'echo', arguments: { message: '@param.x' } };
    const called = await rest.ok('POST', `${path}/tools/call`, echo);
    assert.equal(called.content[0].text, 'Echo: @param.x');
    const { prompts, resources } = await rest.ok('GET', `${path}/catalog`);
    const prompt = { name: prompts[0].name };
    assert((await rest.ok('POST', `${path}/prompts/get`, prompt)).messages.length > 0);
    const { uri } = resources[0];
    const read = await rest.ok('POST', `${path}/resources/read`, { uri });
    assert.equal(read.contents[0].uri, uri);
    const unknown = await rest.send('POST', '/api/mcp-servers/server_none/tools/call', echo);
    assert.equal(unknown.status, 404);
  });
});
