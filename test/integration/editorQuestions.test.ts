import assert from 'node:assert/strict';
import type { EditorQuestion } from '../../src/contract/questions.ts';
import { useCleanup } from '../support/cleanup.ts';
import { EditorWindow } from '../support/editorWindow.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { ModernRaw } from '../support/modernRaw.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

const requestedSchema = {
  type: 'object',
  properties: { name: { type: 'string', title: 'Your name' } },
  required: ['name'],
};
const form = { mode: 'form', message: 'Who are you?', requestedSchema };
const sampling = {
  messages: [{ role: 'user', content: { type: 'text', text: 'Say hi' } }],
  systemPrompt: 'Be brief',
  maxTokens: 100,
  modelPreferences: { hints: [{ name: 'small' }] },
};

/** What a willing user answers. */
function answerTo({ asked }: EditorQuestion): object {
  if (asked.kind === 'form') return { action: 'accept', content: { name: 'Ada' } };
  if (asked.kind !== 'sampling') return { action: 'accept' };
  const sampled = { text: 'hi', model: 'test/model', stop_reason: 'endTurn' };
  return { action: 'sampled', sampled };
}

describe('Questions that VS Code answers in place of a client', function () {
  this.timeout(60_000);
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;
  let oddId: string;
  let vmcpCount = 0;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    oddId = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(oddId);
  });

  /** A vMCP of its own, so that what is remembered for it is not in another test's way. */
  async function addVmcp(options: object = {}): Promise<{ id: string; name: string; url: string }> {
    vmcpCount += 1;
    const name = `asking ${vmcpCount}`;
    const all = { tool_names: 'plain', ...options };
    const id = await rest.addVmcp(name, [oddId], { options: all });
    return { id, name, url: `${server.url}/mcp/${id}` };
  }

  const connect = (url: string, answers: object = {}) =>
    connectClient(cleanup, { http: url }, { name: 'Ada’s client', ...answers });

  type Client = Awaited<ReturnType<typeof connect>>;

  /** What the server got for its question, as text. */
  const asking = async ({ client }: Client, method: string, params: object = {}) =>
    JSON.stringify((await client.callTool({ name: 'ask', arguments: { method, params } })).content);

  it('a form, with who asks', async () => {
    const vmcp = await addVmcp();
    const window = await EditorWindow.open(cleanup, server);
    const asked = asking(await connect(vmcp.url), 'elicitation/create', form);
    const question = await window.nextQuestion();
    assert.deepEqual(
      { ...question, question_id: '' },
      {
        question_id: '',
        vmcp_id: vmcp.id,
        vmcp: vmcp.name,
        server: 'odd',
        tool: 'ask',
        client: 'Ada’s client',
        asked: {
          kind: 'form',
          message: 'Who are you?',
          fields: [
            { name: 'name', type: 'text', title: 'Your name', description: '', required: true },
          ],
        },
      },
    );
    assert.equal(await window.answer(question, { action: 'accept' }), 400); // without content
    const answer = { action: 'accept', content: { name: 'Ada' } };
    assert.equal(await window.answer(question, answer), 200);
    assert.match(await asked, /\\"action\\":\\"accept\\",\\"content\\":\{\\"name\\":\\"Ada\\"\}/);
    assert.equal(await window.answer(question, answer), 404);
  });

  for (const action of ['decline', 'cancel']) {
    it(`a form with ${action}`, async () => {
      const window = await EditorWindow.open(cleanup, server);
      const asked = asking(await connect((await addVmcp()).url), 'elicitation/create', form);
      await window.answer(await window.nextQuestion(), { action });
      assert.match(await asked, new RegExp(`{\\\\"action\\\\":\\\\"${action}\\\\"}`));
    });
  }

  it('an address to open', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp()).url);
    const url = {
      mode: 'url',
      message: 'Sign in',
      elicitationId: '1',
      url: 'https://例え.jp/a?b=c',
    };
    const asked = asking(client, 'elicitation/create', url);
    const question = await window.nextQuestion();
    assert.deepEqual(question.asked, {
      kind: 'url',
      message: 'Sign in',
      url: 'https://xn--r8jz45g.jp/a?b=c', // nothing that only looks like another name
    });
    await window.answer(question, { action: 'accept' });
    assert.match(await asked, /{\\"action\\":\\"accept\\"}/);
  });

  it('addresses that a server wants opened first; the model is told to call again', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const { client } = await connect((await addVmcp()).url);
    const urls = ['https://a.example/', 'https://b.example/'];
    const call = () => client.callTool({ name: 'needsAddresses', arguments: { urls } });
    const opened = call();
    for (const url of urls) {
      const question = await window.nextQuestion();
      assert(question.asked.kind === 'url' && question.asked.url === url);
      await window.answer(question, { action: 'accept' });
    }
    const result = await opened;
    assert.equal(result.isError, true);
    assert.match(
      JSON.stringify(result.content),
      /Sign in first\. The address was opened in VS Code/,
    );
    const declined = call();
    await window.answer(await window.nextQuestion(), { action: 'decline' });
    assert.match(JSON.stringify((await declined).content), /did not open/);
    await window.close();
    await assert.rejects(call(), /Sign in first/);
  });

  it('a model’s answer, asked for once where the user allows it for good', async () => {
    const vmcp = await addVmcp();
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect(vmcp.url);
    const first = asking(client, 'sampling/createMessage', sampling);
    const question = await window.nextQuestion();
    assert.deepEqual(question.asked, {
      kind: 'sampling',
      consented: false,
      system: 'Be brief',
      messages: [{ role: 'user', text: 'Say hi' }],
      max_tokens: 100,
      hints: ['small'],
    });
    const sampled = { text: 'hi', model: 'test/model', stop_reason: 'endTurn' };
    await window.answer(question, { action: 'sampled', sampled, remember: 'allowed' });
    assert.match(await first, /\\"text\\":\\"hi\\"/);
    assert.match(await first, /\\"model\\":\\"test\/model\\"/);

    const second = asking(client, 'sampling/createMessage', sampling);
    const again = await window.nextQuestion();
    assert(again.asked.kind === 'sampling' && again.asked.consented);
    await window.answer(again, { action: 'refuse', reason: 'no model is there' });
    assert.match(await second, /no model is there/);

    const consents = `/api/vmcps/${vmcp.id}/editor-consents`;
    assert.equal((await rest.ok('GET', consents)).sampling, 'allowed');
    await rest.ok('PUT', consents, { sampling: 'ask', roots: 'ask' }); // withdrawn
    const third = asking(client, 'sampling/createMessage', sampling);
    const last = await window.nextQuestion();
    assert(last.asked.kind === 'sampling' && !last.asked.consented);
    await window.answer(last, { action: 'decline', remember: 'denied' });
    assert.match(await third, /User rejected/);

    const asked = window.questionCount;
    assert.match(await asking(client, 'sampling/createMessage', sampling), /User rejected/);
    assert.equal(window.questionCount, asked);
  });

  it('roots: the folders of the window, once the user agreed for the vMCP', async () => {
    const id = await rest.addNodeServer('asks roots', upstreams.odd, ['--ask-roots']);
    const vmcpId = await rest.addVmcp('asking roots', [id], { options: { tool_names: 'plain' } });
    const url = `${server.url}/mcp/${vmcpId}`;
    const folders = [{ uri: 'file:///work/app', name: 'app' }];
    const window = await EditorWindow.open(cleanup, server, { folders });
    const client = await connect(url);
    const rootsOf = async ({ client: one }: Client) =>
      JSON.stringify((await one.callTool({ name: 'knownRoots', arguments: {} })).content);
    const first = rootsOf(client);
    const question = await window.nextQuestion();
    assert.deepEqual(question.asked, { kind: 'roots', folders: ['app'] });
    await window.answer(question, { action: 'accept', remember: 'allowed' });
    await first;
    await eventually(async () => (await rootsOf(client)).includes('file:///work/app'));
    assert.match(await rootsOf(await connect(url)), /file:\/\/\/work\/app/);
    assert.equal(window.questionCount, 1);
    const own = await connect(url, { roots: ['file:///own'] });
    await eventually(async () => (await rootsOf(own)).includes('file:///own'));
    assert.doesNotMatch(await rootsOf(own), /work\/app/);

    await rest.ok('PUT', `/api/vmcps/${vmcpId}/editor-consents`, {
      sampling: 'ask',
      roots: 'denied',
    });
    await eventually(async () => !(await rootsOf(client)).includes('file:///work/app'));
    assert.equal(window.questionCount, 1);
  });

  it('of clients of every kind: without sessions of either era, and through REST', async () => {
    const { id, url } = await addVmcp();
    const window = await EditorWindow.open(cleanup, server);
    const params = { name: 'ask', arguments: { method: 'elicitation/create', params: form } };
    const answerNext = async (client: string) => {
      const question = await window.nextQuestion();
      assert.equal(question.client, client);
      await window.answer(question, { action: 'accept', content: { name: client } });
    };

    const modern = new ModernRaw(url);
    cleanup.add(() => modern.close());
    const called = modern.request('tools/call', params);
    await answerNext('raw');
    const { result } = await called;
    assert.equal(result?.resultType, 'complete');
    assert.match(JSON.stringify(result), /raw/);

    const stateless = new RawClient(url);
    cleanup.add(() => stateless.close());
    const headers = { 'user-agent': 'curl/8' };
    const posted = stateless.post(stateless.makeRequest('tools/call', params), { headers });
    await answerNext('curl');
    assert.match(JSON.stringify((await posted).messages), /curl/);

    const tried = rest.ok('POST', `/api/vmcps/${id}/tools/call`, params);
    await answerNext('REST');
    assert.match(JSON.stringify(await tried), /REST/);
  });

  describe('of a server without sessions', () => {
    let url: string;

    before(async () => {
      const id = await rest.addNodeServer('modern', upstreams.modern, ['--stdio']);
      await rest.connect(id);
      const vmcp = await rest.addVmcp('modern', [id], { options: { tool_names: 'plain' } });
      url = `${server.url}/mcp/${vmcp}`;
    });

    const call = async ({ client }: Client, name: string) =>
      JSON.stringify((await client.callTool({ name, arguments: {} })).content);

    it('are announced to it as capabilities, as long as a window is there', async () => {
      const tool = 'test_input_required_result_capabilities';
      const client = await connect(url);
      assert.match(await call(client, tool), /nothing to ask/);
      const window = await EditorWindow.open(cleanup, server);
      const called = call(client, tool);
      const questions = [await window.nextQuestion(), await window.nextQuestion()];
      assert.deepEqual(questions.map(({ asked }) => asked.kind).sort(), ['form', 'sampling']);
      for (const question of questions) await window.answer(question, answerTo(question));
      assert.match(await called, /done/);
      await window.close();
      assert.match(await call(client, tool), /nothing to ask/);
    });

    it('are answered all in one round, also those of clients without sessions', async () => {
      const tool = 'test_input_required_result_multiple_inputs';
      const folders = [{ uri: 'file:///work/app', name: 'app' }];
      const window = await EditorWindow.open(cleanup, server, { folders });
      const modern = new ModernRaw(url);
      cleanup.add(() => modern.close());
      const called = modern.request('tools/call', { name: tool, arguments: {} });
      for (let left = 3; left > 0; left--) {
        const question = await window.nextQuestion();
        assert.equal(question.vmcp, 'modern');
        await window.answer(question, answerTo(question));
      }
      const { result } = await called;
      assert.match(JSON.stringify(result), /Ada, hi, file:\/\/\/work\/app/);
    });
  });

  it('are put to the client where that can answer', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp()).url, {
      elicitation: () => ({ action: 'accept', content: { name: 'the client' } }),
    });
    assert.match(await asking(client, 'elicitation/create', form), /the client/);
    assert.equal(window.questionCount, 0);
  });

  it('are refused where the vMCP leaves them to clients', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp({ questions: 'client' })).url);
    assert.match(await asking(client, 'elicitation/create', form), /-32601/);
    const able = await connect((await addVmcp({ questions: 'client' })).url, {
      elicitation: () => ({ action: 'decline' }),
    });
    assert.match(await asking(able, 'elicitation/create', form), /decline/);
    assert.equal(window.questionCount, 0);
  });

  it('are refused where the vMCP wants none, also where the client could answer', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp({ questions: 'refuse' })).url, {
      elicitation: () => ({ action: 'accept', content: {} }),
    });
    const answer = await asking(client, 'elicitation/create', form);
    assert.match(answer, /-32601/);
    assert.match(answer, /refuses what servers ask/);
    assert.equal(client.questions.length + window.questionCount, 0);
  });

  it('are refused without a window that can answer', async () => {
    const window = await EditorWindow.open(cleanup, server, { answers: false });
    const client = await connect((await addVmcp()).url);
    assert.match(await asking(client, 'elicitation/create', form), /-32601/);
    assert.equal(window.questionCount, 0);
  });

  it('go to the window in front, and to the next one when it closes', async () => {
    const [behind, front] = [
      await EditorWindow.open(cleanup, server),
      await EditorWindow.open(cleanup, server, { focused: false }),
    ];
    const client = await connect((await addVmcp()).url);
    front.focus();
    const asked = asking(client, 'elicitation/create', form);
    const question = await front.nextQuestion();
    assert.equal(behind.questionCount, 0);
    await front.close();
    const moved = await behind.nextQuestion();
    assert.equal(moved.question_id, question.question_id);
    await behind.close();
    assert.match(await asked, /No window of VS Code is there/);
  });

  it('are taken back when the call is cancelled', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const { client } = await connect((await addVmcp()).url);
    const stop = new AbortController();
    const args = { method: 'elicitation/create', params: form };
    const called = client.callTool({ name: 'ask', arguments: args }, undefined, {
      signal: stop.signal,
    });
    const { question_id } = await window.nextQuestion();
    stop.abort();
    await assert.rejects(called);
    await eventually(() => window.withdrawn.includes(question_id));
    assert.equal((await rest.send('GET', `/api/admin/questions/${question_id}`)).status, 404);
  });

  it('are so many at most', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp()).url);
    const texts: string[] = [];
    const answers = Array.from({ length: 12 }, async () => {
      texts.push(await asking(client, 'elicitation/create', form));
    });
    await eventually(() => texts.length === 4 && window.questionCount === 8);
    for (const text of texts) assert.match(text, /Too many questions/);
    for (let left = 8; left > 0; left--) {
      await window.answer(await window.nextQuestion(), { action: 'decline' });
    }
    await Promise.all(answers);
    assert.equal(texts.filter((text) => text.includes('decline')).length, 8);
    assert.equal(window.questionCount, 8);
  });

  it('are refused where they cannot be asked', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp()).url);
    const schema = (properties: object) => ({
      ...form,
      requestedSchema: { type: 'object', properties },
    });
    const many = Object.fromEntries(
      Array.from({ length: 41 }, (_, i) => [`f${i}`, { type: 'string' }]),
    );
    const image = { role: 'user', content: { type: 'image', data: '', mimeType: 'image/png' } };
    for (const [method, params, place] of [
      ['elicitation/create', { message: 'no schema' }, /requestedSchema/],
      ['elicitation/create', schema({ deep: { type: 'object' } }), /properties\.deep/],
      ['elicitation/create', schema({ none: null }), /properties\.none/],
      ['elicitation/create', schema({ empty: { type: 'string', enum: [] } }), /0 options/],
      ['elicitation/create', schema(many), /over 40/],
      ['elicitation/create', { mode: 'url', url: 'file:///etc/passwd' }, /url/],
      [
        'elicitation/create',
        { mode: 'url', url: 'https://good.example@evil.example/' },
        /user name/,
      ],
      ['sampling/createMessage', { ...sampling, messages: [image] }, /messages\[0\]/],
      ['sampling/createMessage', { ...sampling, messages: [] }, /messages/],
    ] as const) {
      const answer = await asking(client, method, params);
      assert.match(answer, /-32602/);
      assert.match(answer, place);
    }
    assert.equal(window.questionCount, 0);
  });

  it('show foreign texts cut, and without characters that hide', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const client = await connect((await addVmcp()).url);
    const message = `a\u202Eb\u0007c\u{E0041}\n${'x'.repeat(10_000)}`;
    const asked = asking(client, 'elicitation/create', { ...form, message });
    const question = await window.nextQuestion();
    assert(question.asked.kind === 'form');
    assert.match(question.asked.message, /^abc\nx+…$/);
    assert.equal(question.asked.message.length, 4000);
    await window.answer(question, { action: 'cancel' });
    await asked;
  });

  it('are for the holder of the admin token only', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const asked = asking(await connect((await addVmcp()).url), 'elicitation/create', form);
    const question = await window.nextQuestion();
    const stranger = new Rest(server.url);
    const path = `/api/admin/questions/${question.question_id}`;
    assert.equal((await stranger.send('GET', path)).status, 404);
    assert.equal((await stranger.send('POST', `${path}/answer`, { action: 'accept' })).status, 404);
    await window.answer(question, { action: 'decline' });
    assert.match(await asked, /decline/);
  });
});
