import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { vmcpExportSchema } from '../../../src/contract/vmcps.ts';
import {
  isForeignVmcp,
  readForeignVmcp,
} from '../../../src/server/tools/import/foreignVmcp/readForeignVmcp.ts';

const demo = JSON.parse(
  readFileSync(new URL('../../fixtures/imports/demo.vmcp.json', import.meta.url), 'utf8'),
);

describe('an export file of 1xn-vmcp', () => {
  const { body, notes } = readForeignVmcp(demo);

  it('is told from an export of our own', () => {
    assert(isForeignVmcp(demo));
    assert(!isForeignVmcp({ name: 'x', mcp_servers: [] }));
    assert(!isForeignVmcp(null));
    assert.throws(() => readForeignVmcp({ name: 'x', vmcp_config: 1 }), /no export of 1xn-vmcp/);
  });

  it('becomes what our own exports are', () => {
    assert.deepEqual(vmcpExportSchema.parse(body), body);
    assert.equal(body.name, 'demo');
    assert.equal(body.system_prompt, 'You are @config.BOTNAME');
  });

  it('takes servers over with what is chosen of them', () => {
    assert.deepEqual(body.mcp_servers, [
      {
        name: 'Weather',
        priority: 1,
        transport_type: 'http',
        config: { url: 'https://weather.example/mcp', headers: { 'X-Plan': 'free' } },
        auth: { type: 'bearer', token: 'weather-token' },
        tools: ['forecast'],
        resources: ['weather://now', 'weather://{city}'],
        prompts: 'all',
        overrides: { forecast: { name: 'tomorrow', description: 'Of tomorrow' } },
      },
      {
        name: 'Files',
        priority: 2,
        transport_type: 'stdio',
        config: { command: 'npx', args: ['-y', 'files'], env: { ROOT: '/data' } },
        auth: { type: 'none' },
        enabled: false,
        tools: 'all',
        resources: 'all',
        prompts: 'all',
        overrides: { read: { description: 'Reads' } },
      },
    ]);
  });

  it('takes the configuration over, credentials as secrets', () => {
    assert.deepEqual(body.active_config, {
      ...{ BOTNAME: 'SITARA', CITY: 'MUMBAI', API_KEY: 'env-key' },
      posts_api_key: 'literal-key',
    });
    assert.deepEqual(body.secret_keys, ['API_KEY', 'posts_api_key']);
    assert(!JSON.stringify(body.custom_tools).includes('literal-key'));
  });

  it('takes prompts and tools over; what only Jinja knows stays as text', () => {
    assert.deepEqual(body.custom_prompts, [
      {
        name: 'introduce',
        description: 'Says hello',
        variables: [{ name: 'user', type: 'str', required: false, description: 'Your name' }],
        text: 'You are @config.BOTNAME. {% if param.user %}Hi {{{{ user|upper }} {{ config.CITY }}{% endif %}',
      },
      {
        name: 'my_prompt',
        description: '',
        variables: [{ name: 'city', type: 'str', required: true }],
        text: 'now @tool.Weather.forecast(city: str = "@param.city")',
      },
    ]);
    const tools = body.custom_tools ?? [];
    assert.deepEqual(
      tools.map(({ name, tool_type }) => [name, tool_type]),
      [
        ['get_config', 'prompt'],
        ['posts', 'http'],
        ['own', 'http'],
        ['anywhere', 'http'],
        ['count', 'python'],
      ],
    );
    const [, posts, own] = tools;
    assert(posts?.tool_type === 'http' && own?.tool_type === 'http');
    assert.deepEqual(posts.variables, [{ name: 'id', type: 'int', required: true, default: '1' }]);
    const { method, url, headers, query_params, body: content, auth } = posts.api_config;
    assert.deepEqual([method, url], ['POST', 'https://posts.example/@param.id']);
    assert.deepEqual(headers, { 'X-A': '1', 'X-B': '{{ id }}' });
    assert.deepEqual(query_params, { q: '{% raw %}' });
    assert.deepEqual(content, { n: '@param.id' });
    assert.deepEqual(auth, {
      ...{ type: 'api_key', key: '@config.posts_api_key', name: 'X-Posts', in: 'header' },
    });
    assert.deepEqual(own.api_config.auth, { type: 'bearer', token: '@config.API_KEY' });
  });

  it('keeps the place of resources, whose content is not in the file', () => {
    assert.deepEqual(body.custom_resources, [
      { name: 'logo.png', description: '', mime_type: 'image/png' },
    ]);
  });

  it('says what is different, item by item', () => {
    const all = notes.join('\n');
    for (const expected of [
      /^Server "Broken" is left out: url must be an http/m,
      /^Server "Files" wants credentials \(oauth\)/m,
      /^Tool "read" of "Files" keeps its name: "read it!" is not possible here/m,
      /^Prompt "introduce", line 1, column 26: .*Jinja/m,
      /^Prompt "introduce", line 1, column \d+: .*user\|upper/m,
      /^Prompt "my prompt" is called "my_prompt" here/m,
      /^Tool "posts", query, line 1, column 1: .*Jinja/m,
      /^Tool "nothing" is left out: it has no URL/m,
      /^Tool "anywhere": The host of the URL depends on @param\.host/m,
      /^Tool "w" is left out: the kind "widget" is not known/m,
      /^A credential of a tool is in the configuration now: posts_api_key/m,
      /^References in the system prompt stay/m,
      /^The contexts are left out/m,
    ]) {
      assert.match(all, expected);
    }
  });

  it('that holds almost nothing is read, too', () => {
    const { body: empty } = readForeignVmcp({
      ...{
        vmcp_config: {},
        system_prompt: null,
        custom_tools: [null, {}],
        environment_variables: { A: 'b' },
      },
    });
    assert.deepEqual(vmcpExportSchema.parse(empty), empty);
    assert.deepEqual(empty.active_config, { A: 'b' });
    assert.deepEqual(
      empty.custom_tools?.map(({ name }) => name),
      ['tool'],
    );
  });
});
