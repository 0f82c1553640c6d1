import { strict as assert } from 'node:assert';
import { secretMask } from '../../src/contract/secretMask.ts';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { startServer } from '../support/server.ts';

/** A vMCP as 1xn-vmcp exports it. */
const foreign = {
  name: '1xndemo',
  description: 'Everything demo vmcp',
  vmcp_config: {
    selected_servers: [
      {
        name: 'AllFeature',
        transport_type: 'http',
        server_id: 'fffc907eb1d1e92e',
        url: 'http://127.0.0.1:9/mcp',
        headers: { 'mcp-session-id': 'x', Authorization: 'Bearer upstream-secret' },
        resource_template_details: [{ name: 'read_document', uriTemplate: 'file://docs/{name}' }],
        auth: null,
      },
      { name: 'Gone', transport_type: 'stdio', server_id: 'gone' },
    ],
    selected_tools: { fffc907eb1d1e92e: ['add_numbers', 'get_weather'] },
    selected_resource_templates: { fffc907eb1d1e92e: ['read_document'] },
    selected_tool_overrides: {
      fffc907eb1d1e92e: { add_numbers: { name: 'add', description: '' }, other: { name: '' } },
    },
  },
  custom_prompts: [
    {
      name: 'introduce',
      text: 'You are @config.BOTNAME.\n\nUser: @param.username\n',
      variables: [{ name: 'username', description: 'Your name', required: false }],
      atomic_blocks: [],
    },
    { name: 'jinja', text: '{% if param.x %}yes{% endif %}', variables: [] },
  ],
  custom_tools: [
    {
      tool_type: 'http',
      name: 'get posts',
      variables: [{ name: 'post_id', required: false, type: 'str', default_value: '1' }],
      text: '',
      api_config: {
        method: 'GET',
        url: 'http://127.0.0.1:9/posts/@param.post_id',
        query_params: { a: '', b: '<string>', c: 'x' },
        auth: { type: 'apikey', apiKey: '@config.API_Key' },
      },
      imported_from: null,
    },
    {
      tool_type: 'python',
      name: 'count',
      code: 'def main(word: str, character: str):\n  return word. count (character)',
      keywords: ['strawberry'],
      imports: [],
    },
    { tool_type: 'widget', name: 'odd' },
  ],
  custom_resources: [{ id: '1', original_filename: 'logo.png', content_type: 'image/png' }],
  environment_variables: [
    { name: 'BOTNAME', value: 'SITARA', description: null },
    { name: 'API_Key', value: 'foreign-secret' },
  ],
  system_prompt: { text: 'You are a helpful assistant', variables: [] },
  metadata: { url: 'http://localhost:8000/private/1xndemo/vmcp' },
};

const openApi = `
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: 'http://127.0.0.1:9/v1' }]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    delete:
      operationId: deletePet
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
`;

describe('Importing', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;

  before(async () => {
    const server = await startServer(cleanup);
    rest = await CheckedRest.open(server.url);
  });

  it('a vMCP of 1xn-vmcp takes over what it can, and tells the rest', async () => {
    const { notes, ...vmcp } = await rest.ok('POST', '/api/import/vmcp', foreign);
    assert.doesNotMatch(JSON.stringify(vmcp), /foreign-secret|upstream-secret/);
    assert.deepEqual(vmcp.active_config, { BOTNAME: 'SITARA', API_Key: secretMask });
    assert.equal(vmcp.system_prompt, 'You are a helpful assistant');
    const [server] = vmcp.mcp_servers;
    assert.equal(server.name, 'AllFeature');
    assert.deepEqual(server.tools, ['add_numbers', 'get_weather']);
    assert.deepEqual(server.resources, ['file://docs/{name}']);
    assert.equal(server.prompts, 'all');
    assert.deepEqual(server.overrides, { add_numbers: { name: 'add' } });
    const [posts, count] = vmcp.custom_tools;
    assert.equal(posts.name, 'get_posts');
    assert.deepEqual(posts.variables[0], {
      ...{ name: 'post_id', type: 'str', required: false, default: '1' },
    });
    assert.deepEqual(posts.api_config.query_params, { c: 'x' });
    assert.equal(posts.api_config.auth.key, '@config.API_Key');
    assert.deepEqual(count.keywords, ['strawberry']);
    assert.equal(vmcp.custom_prompts[0].text, foreign.custom_prompts[0]?.text);
    assert.equal(vmcp.custom_resources[0].name, 'logo.png');
    for (const expected of [
      /^Server "Gone" is left out/,
      /^Tool "get posts" is called "get_posts" here/,
      /^Tool "odd" is left out/,
      /^Prompt "jinja", line 1, column 1: /,
      /^Upload the content of resource "logo.png"/,
    ]) {
      assert.ok(
        notes.some((note: string) => expected.test(note)),
        `${expected} in ${JSON.stringify(notes)}`,
      );
    }
    const get = { name: 'introduce', arguments: { username: 'Ann' } };
    const { messages } = await rest.ok('POST', `/api/vmcps/${vmcp.vmcp_id}/prompts/get`, get);
    assert.equal(messages[0].content.text, 'You are SITARA.\n\nUser: Ann\n');
  });

  it('an own export comes in at the same address', async () => {
    const id = await rest.addVmcp('mine', [], { custom_prompts: [{ name: 'p', text: 'x' }] });
    const exported = await rest.ok('GET', `/api/vmcps/${id}/export`);
    const imported = await rest.ok('POST', '/api/import/vmcp', exported);
    assert.equal(imported.name, 'mine 2');
    assert.deepEqual(imported.custom_prompts, exported.custom_prompts);
    const { status } = await rest.send('POST', '/api/import/vmcp', { name: 'x', vmcp_config: 1 });
    assert.equal(status, 400);
  });

  it('an OpenAPI document gives tools that can be saved', async () => {
    const all = await rest.ok('POST', '/api/import/openapi', { text: openApi });
    assert.equal(all.operations.length, 2);
    const [{ id }] = all.operations;
    const some = await rest.ok('POST', '/api/import/tools', { text: openApi, operations: [id] });
    assert.equal(some.format, 'openapi');
    assert.equal(some.operations.length, 1);
    const custom_tools = all.operations.map(({ tool }: { tool: object }) => tool);
    const vmcp = await rest.addVmcp('pets', [], { custom_tools, active_config: all.config });
    const { tools } = await rest.ok('GET', `/api/vmcps/${vmcp}/tools`);
    assert.deepEqual(
      tools.map(({ name }: { name: string }) => name),
      ['vmcp.getPet', 'vmcp.deletePet'],
    );
    assert.deepEqual(tools[0].inputSchema.required, ['id']);
  });

  it('curl lines give a tool whose secrets stay out', async () => {
    const text = "curl -H 'Authorization: Bearer line-secret' http://127.0.0.1:9/x?y=1";
    const { operations, secrets } = await rest.ok('POST', '/api/import/curl', { text });
    assert.equal(operations.length, 1);
    assert.doesNotMatch(JSON.stringify(operations), /line-secret/);
    assert.equal(secrets.length, 1);
  });

  it('documents that are none are refused with what is wrong', async () => {
    const broken = await rest.send('POST', '/api/import/openapi', { text: 'openapi: [' });
    assert.equal(broken.status, 400);
    assert.match(broken.body.detail, /\S/);
    const tooLarge = await rest.send('POST', '/api/import/curl', {
      text: 'x'.repeat(33 * 1024 * 1024),
    });
    assert.equal(tooLarge.status, 413);
    const large = await rest.send('POST', '/api/import/tools', {
      text: ' '.repeat(5 * 1024 * 1024),
    });
    assert.equal(large.status, 400);
  });
});

describe('The preview of a template', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);

  it('says what it refers to, what is wrong with it, and where', async () => {
    const server = await startServer(cleanup);
    const rest = await CheckedRest.open(server.url);
    const vmcp = await rest.addVmcp('preview', [], {
      active_config: { city: 'Paris' },
      custom_prompts: [{ name: 'known', text: 'x' }],
    });
    const body = {
      text: '@param.a @param.b\n{{config.city}} @prompt(vmcp.known) @tool(no.where, a=1)\n{{#x}}',
      variables: [{ name: 'a' }],
    };
    const path = `/api/vmcps/${vmcp}/templates/preview`;
    const { references, problems } = await rest.ok('POST', path, body);
    assert.deepEqual(
      references.map(({ kind, name, line }: { kind: string; name: string; line: number }) => [
        ...[kind, name, line],
      ]),
      [
        ['param', 'a', 1],
        ['param', 'b', 1],
        ['variable', 'config.city', 2],
        ['prompt', 'vmcp.known', 2],
        ['tool', 'no.where', 2],
        ['section', 'x', 3],
      ],
    );
    const found = problems.map(
      ({ severity, line, column }: { severity: string; line: number; column: number }) =>
        `${severity} ${line}:${column}`,
    );
    assert.ok(found.includes('warning 1:10'), found.join());
    assert.ok(found.includes('warning 2:37'), found.join());
    assert.ok(found.includes('error 3:1'), found.join());
  });
});
