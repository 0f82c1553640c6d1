import { strict as assert } from 'node:assert';
import { useCleanup } from '../support/cleanup.ts';
import { connectClient } from '../support/mcpClient.ts';
import { Rest } from '../support/rest.ts';
import { startServer } from '../support/server.ts';

describe('The demo', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);

  it('has a tool of each kind, a prompt of several messages and a file, and all of it works', async () => {
    const server = await startServer(cleanup, { args: ['--demo'] });
    const rest = new Rest(server.url);
    const [{ vmcp_id, problems }] = await rest.ok('GET', '/api/vmcps');
    assert.deepEqual(problems, []);
    const { client } = await connectClient(cleanup, { http: `${server.url}/mcp/demo` });
    const { tools } = await client.listTools();
    const own = ['greet', 'count_words', 'server_health', 'greet_and_count'];
    assert.deepEqual(
      tools.slice(0, 4).map(({ name }) => name),
      own,
    );
    assert.ok(tools.some(({ name }) => name === 'everything_echo'));
    const call = async (name: string, args: Record<string, unknown> = {}) => {
      const { content, isError } = await client.callTool({ name, arguments: args });
      assert.notEqual(isError, true, JSON.stringify(content));
      return (content as { text: string }[])[0]?.text;
    };
    assert.equal(await call('greet', { who: 'you' }), 'Hello, you!');
    assert.match((await call('count_words', { text: 'a b a' })) ?? '', /"words": ?3/);
    assert.match((await call('server_health')) ?? '', /"status": ?"ok"/);
    assert.equal(
      await call('greet_and_count', { who: 'both of you' }),
      'Hello, both of you! (4 words)',
    );
    const { messages } = await client.getPrompt({
      name: 'improve_text',
      arguments: { text: 'Hi', tone: 'terse' },
    });
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    const { resources } = await client.listResources();
    const { contents } = await client.readResource({ uri: resources[0]?.uri ?? '' });
    assert.match((contents as { text: string }[])[0]?.text ?? '', /^<svg /);
    assert.deepEqual((await rest.ok('GET', `/api/vmcps/${vmcp_id}`)).problems, []);
  });
});
