import assert from 'node:assert/strict';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { type Answers, connectClient, type RecordingClient } from '../support/mcpClient.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

/**
 * Each feature is tried twice with the same code: on server-everything directly, and through a vMCP
 * that lists it under its own names. What comes must be the same.
 */
describe('server-everything through a vMCP behaves as it does directly', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;

  before(async () => {
    server = await startServer(suite);
    const rest = new Rest(server.url, await server.adminToken());
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.addVmcp('plain', [everything], {
      options: { tool_names: 'plain', server_instructions: false },
    });
  });

  /** Runs the same on both, and compares. @returns what both observed */
  async function same<T>(
    observe: (client: RecordingClient) => Promise<T>,
    answers: Answers = allAnswers,
  ): Promise<T> {
    const direct = await connectClient(
      cleanup,
      { command: process.execPath, args: [upstreams.everything, 'stdio'] },
      answers,
    );
    const through = await connectClient(cleanup, { http: `${server.url}/mcp/plain` }, answers);
    const expected = await observe(direct);
    assert.deepEqual(await observe(through), expected);
    return expected;
  }

  const byName = <T extends { name: string }>(items: T[]) =>
    [...items].sort((a, b) => a.name.localeCompare(b.name));

  it('in its tools, with all that they say of themselves', async () => {
    const tools = await same(async ({ client }) => byName((await client.listTools()).tools));
    assert(tools.length >= 16);
  });

  it('in its prompts, resources and templates', async () => {
    const all = await same(async ({ client }) => [
      byName((await client.listPrompts()).prompts),
      byName((await client.listResources()).resources),
      byName((await client.listResourceTemplates()).resourceTemplates),
    ]);
    assert(all.every((items) => items.length > 0));
  });

  for (const [name, args] of [
    ['echo', { message: 'hällo ✓' }],
    ['get-sum', { a: 1, b: 2.5 }],
    ['get-annotated-message', { messageType: 'error', includeImage: true }],
    ['get-structured-content', { location: 'Chicago' }],
    ['get-tiny-image', {}],
    ['get-resource-links', { count: 3 }],
    ['get-sum', { a: 'no number', b: 1 }],
  ] as const) {
    it(`in the answer of ${name} to ${JSON.stringify(args)}`, async () => {
      await same(({ client }) => client.callTool({ name, arguments: args }));
    });
  }

  it('in progress, all of it before the result', async () => {
    const progress: unknown[] = [];
    const { client } = await connectClient(cleanup, { http: `${server.url}/mcp/plain` });
    await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.5, steps: 5 } },
      undefined,
      { onprogress: (each) => progress.push(each) },
    );
    // Not compared: the SDK's stdio client loses progress that arrives together with the result.
    const all = [1, 2, 3, 4, 5].map((step) => ({ progress: step, total: 5 }));
    assert.deepEqual(progress, all);
  });

  it('in sampling', async () => {
    const { questions } = await same(async ({ client, questions }) => {
      const { content } = await client.callTool({
        name: 'trigger-sampling-request',
        arguments: { prompt: 'Tell me', maxTokens: 7 },
      });
      return { content, questions: withoutRoots(questions) };
    });
    assert.equal(questions.length, 1);
  });

  it('in elicitation by form', async () => {
    const { questions } = await same(async ({ client, questions }) => {
      const { content } = await client.callTool({ name: 'trigger-elicitation-request' });
      return { content, questions: withoutRoots(questions) };
    });
    assert.equal(questions.length, 1);
  });

  it('in elicitation by URL, asked', async () => {
    const [question] = await same(async ({ client, questions }) => {
      await client.callTool({
        name: 'trigger-url-elicitation',
        arguments: { url: 'https://example.com/sign-in' },
      });
      return withoutRoots(questions).map(({ params }) => withoutElicitationId(params));
    });
    assert.equal(question?.url, 'https://example.com/sign-in');
  });

  it('in elicitation by URL, as an error', async () => {
    const error = await same(async ({ client }) => {
      const call = client.callTool({
        name: 'trigger-url-elicitation',
        arguments: { url: 'https://example.com/sign-in', errorPath: true },
      });
      const { code, data } = await rejection(call);
      const { elicitations } = data as { elicitations: object[] };
      return { code, elicitations: elicitations.map(withoutElicitationId) };
    });
    assert.equal(error.code, -32042);
    assert.equal(error.elicitations.length, 1);
  });

  it('in roots, and in their change', async () => {
    const texts = await same(
      async ({ client, answers }) => {
        const list = async () =>
          JSON.stringify((await client.callTool({ name: 'get-roots-list' })).content);
        const before = await list();
        answers.roots = ['file:///changed'];
        await client.sendRootsListChanged();
        await eventually(async () => (await list()).includes('file:///changed'));
        const after = await list();
        answers.roots = ['file:///one', 'file:///two'];
        return [before, after];
      },
      { ...allAnswers, roots: ['file:///one', 'file:///two'] },
    );
    assert.match(texts[0] ?? '', /file:\/\/\/two/);
  });

  it('in completions of prompt and template arguments', async () => {
    await same(async ({ client }) => [
      await client.complete({
        ref: { type: 'ref/prompt', name: 'completable-prompt' },
        argument: { name: 'department', value: 'S' },
      }),
      await client.complete({
        ref: { type: 'ref/prompt', name: 'completable-prompt' },
        argument: { name: 'name', value: '' },
        context: { arguments: { department: 'Sales' } },
      }),
      await client.complete({
        ref: { type: 'ref/resource', uri: 'demo://resource/dynamic/text/{resourceId}' },
        argument: { name: 'resourceId', value: '1' },
      }),
    ]);
  });

  it('in prompts', async () => {
    await same(async ({ client }) => [
      await client.getPrompt({ name: 'simple-prompt' }),
      await client.getPrompt({ name: 'args-prompt', arguments: { city: 'Graz', state: 'Styria' } }),
    ]);
  });

  it('in reading resources, listed ones and by template', async () => {
    const contents = await same(async ({ client }) => {
      const resources = byName((await client.listResources()).resources).slice(0, 2);
      const listed = await Promise.all(resources.map(({ uri }) => client.readResource({ uri })));
      const dynamic = await client.readResource({ uri: 'demo://resource/dynamic/text/7' });
      return [...listed, dynamic].map((result) => withoutTimes(result));
    });
    assert.equal(contents.length, 3);
  });

  it('in updates of a resource, to subscribers only', async () => {
    const uri = 'demo://resource/dynamic/text/1';
    const bystander = await connectClient(cleanup, { http: `${server.url}/mcp/plain` });
    await same(async (recording) => {
      await recording.client.subscribeResource({ uri });
      await recording.client.callTool({ name: 'toggle-subscriber-updates' });
      await eventually(() => recording.of('notifications/resources/updated').length > 0);
      await recording.client.callTool({ name: 'toggle-subscriber-updates' });
      await recording.client.unsubscribeResource({ uri });
      return recording.of('notifications/resources/updated').slice(0, 1);
    });
    assert.deepEqual(bystander.of('notifications/resources/updated'), []);
  });

  it('in log messages at the level that was asked for', async () => {
    await same(async (recording) => {
      await recording.client.setLoggingLevel('debug');
      await recording.client.callTool({ name: 'toggle-simulated-logging' });
      await eventually(() => recording.of('notifications/message').length > 0);
      await recording.client.callTool({ name: 'toggle-simulated-logging' });
      return recording.of('notifications/message').length > 0;
    });
  });

  it('in telling that its resources changed, and in listing the new one', async () => {
    const found = await same(async (recording) => {
      const name = 'made.txt.gz';
      const data = 'data:text/plain,hello';
      await recording.client.callTool({
        name: 'gzip-file-as-resource',
        arguments: { name, data, outputType: 'resourceLink' },
      });
      await eventually(() => recording.of('notifications/resources/list_changed').length > 0);
      const listed = await eventually(async () =>
        (await recording.client.listResources()).resources.find((each) => each.name === name),
      );
      return [listed, await recording.client.readResource({ uri: listed.uri })];
    });
    assert.equal(found.length, 2);
  });

  it('in ping', async () => {
    assert.deepEqual(await same(({ client }) => client.ping()), {});
  });
});

const allAnswers: Answers = {
  roots: ['file:///somewhere'],
  sampling: () => ({
    role: 'assistant',
    content: { type: 'text', text: 'sampled' },
    model: 'a-model',
    stopReason: 'endTurn',
  }),
  elicitation: () => ({ action: 'accept', content: { name: 'Ada', check: true } }),
};

/** When roots are asked for depends on how long the connection is there already. */
function withoutRoots(questions: RecordingClient['questions']): RecordingClient['questions'] {
  return questions.filter(({ method }) => method !== 'roots/list');
}

async function rejection(call: Promise<unknown>): Promise<McpError> {
  try {
    await call;
  } catch (error) {
    assert(error instanceof McpError);
    return error;
  }
  return assert.fail('it should have failed');
}

/** Elicitation ids are random, and vMCP gives out its own. */
function withoutElicitationId(params: unknown): Record<string, unknown> {
  const { elicitationId, ...rest } = params as Record<string, unknown>;
  assert.equal(typeof elicitationId, 'string');
  return rest;
}

function withoutTimes(value: object): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/\d+:\d+:\d+( [AP]M)?/g, 'TIME'));
}
