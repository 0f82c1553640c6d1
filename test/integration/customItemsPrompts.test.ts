import { strict as assert } from 'node:assert';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { useCleanup } from '../support/cleanup.ts';
import { connectClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

describe('Custom prompts', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let vmcp: string;
  let client: Client;

  before(async () => {
    const server = await startServer(cleanup);
    rest = await CheckedRest.open(server.url);
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.connect(everything);
    vmcp = await rest.addVmcp('prompts', [everything], {
      active_config: { city: 'Paris' },
      custom_tools: [{ tool_type: 'prompt', name: 'as_tool', text: 'A tool of @config.city' }],
      custom_prompts: [
        {
          name: 'talk',
          title: 'A talk',
          description: 'Two who talk',
          variables: [
            { name: 'topic', description: 'What about', required: true },
            { name: 'mood', enum: ['glad', 'grim', 'sad'] },
            { name: 'points', type: 'list' },
          ],
          messages: [
            { role: 'user', text: 'About @param.topic{{#points}} - {{.}}{{/points}}?' },
            { role: 'assistant', text: '@tool(everything.echo, message="@param.topic")' },
            { role: 'user', text: '@prompt(vmcp.as_tool)' },
          ],
        },
        { name: 'picture', text: 'Look: @tool(everything.get-tiny-image) nice' },
        { name: 'loop', text: '@prompt(vmcp.loop)' },
      ],
    });
    ({ client } = await connectClient(cleanup, { http: `${server.url}/mcp/${vmcp}` }));
  });

  it('are listed with their arguments, prompt tools as well', async () => {
    const { prompts } = await client.listPrompts();
    assert.deepEqual(
      prompts.slice(0, 4).map(({ name }) => name),
      ['talk', 'picture', 'loop', 'as_tool'],
    );
    assert.deepEqual(prompts[0], {
      name: 'talk',
      title: 'A talk',
      description: 'Two who talk',
      arguments: [
        { name: 'topic', description: 'What about', required: true },
        { name: 'mood', required: false },
        { name: 'points', required: false },
      ],
    });
  });

  it('give several messages with their roles', async () => {
    const args = { topic: 'rain', points: '["wet", "cold"]' };
    const { messages } = await client.getPrompt({ name: 'talk', arguments: args });
    assert.deepEqual(messages, [
      { role: 'user', content: { type: 'text', text: 'About rain - wet - cold?' } },
      { role: 'assistant', content: { type: 'text', text: 'Echo: rain' } },
      { role: 'user', content: { type: 'text', text: 'A tool of Paris' } },
    ]);
  });

  it('keep an image an image', async () => {
    const { messages } = await client.getPrompt({ name: 'picture' });
    const types = messages.map(({ content }) => content.type);
    assert.ok(types.includes('image'), types.join());
    assert.equal(types[0], 'text');
  });

  it('complete variables that have an enumeration', async () => {
    const ref = { type: 'ref/prompt' as const, name: 'talk' };
    const complete = async (name: string, value: string) => {
      const { completion } = await client.complete({ ref, argument: { name, value } });
      return completion.values;
    };
    assert.deepEqual(await complete('mood', 'G'), ['glad', 'grim']);
    assert.deepEqual(await complete('mood', 'x'), []);
    assert.deepEqual(await complete('topic', ''), []);
  });

  it('refuse what does not fit, and cycles', async () => {
    const get = (name: string, args = {}) => client.getPrompt({ name, arguments: args });
    await assert.rejects(get('talk'), /"topic" is missing/);
    await assert.rejects(get('talk', { topic: 'x', mood: 'mad' }), /must be one of/);
    await assert.rejects(get('talk', { topic: 'x', points: 'no list' }), /must be an array/);
    await assert.rejects(get('loop'), /Cycle: prompt vmcp.loop → prompt vmcp.loop/);
  });

  it('are got through REST, and changed one by one', async () => {
    const path = `/api/vmcps/${vmcp}/custom-prompts`;
    const made = await rest.ok('POST', path, { name: 'mine', text: 'One @config.city' });
    assert.equal(made.name, 'mine');
    await rest.ok('PUT', `${path}/mine`, { name: 'yours', text: 'Two @config.city' });
    const body = { name: 'vmcp.yours' };
    const { messages } = await rest.ok('POST', `/api/vmcps/${vmcp}/prompts/get`, body);
    assert.deepEqual(messages[0].content, { type: 'text', text: 'Two Paris' });
    assert.equal((await rest.send('GET', `${path}/mine`)).status, 404);
    assert.equal((await rest.ok('GET', path)).length, 4);
    await rest.ok('DELETE', `${path}/yours`);
    assert.equal((await rest.ok('GET', path)).length, 3);
  });
});
