import { strict as assert } from 'node:assert';
import type { JsonValue } from '../../src/contract/json.ts';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

type Json = Record<string, JsonValue>;

describe('Custom items and bad input', function () {
  this.timeout(120_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let url: string;
  let vmcp: string;
  let path: string;

  /** Status, and what the error says. */
  async function refusal(body: Json, to = path, method = 'POST'): Promise<string> {
    const { status, body: answer } = await rest.send(method, to, body);
    return `${status} ${answer.error} | ${answer.detail}`;
  }

  /** Runs an unsaved tool. */
  async function tried(tool: Json, args: Json = {}): Promise<string> {
    const body = { tool: { name: 'tried', ...tool }, arguments: args };
    const { result } = await rest.ok('POST', `${path}/try`, body);
    return `${result.isError === true} ${result.content[0]?.text}`;
  }

  before(async () => {
    const server = await startServer(cleanup);
    url = server.url;
    rest = await CheckedRest.open(url);
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.connect(everything);
    vmcp = await rest.addVmcp('bad', [everything]);
    path = `/api/vmcps/${vmcp}/custom-tools`;
    await rest.ok('POST', path, { tool_type: 'prompt', name: 'fine', text: 'fine' });
  });

  it('syntax errors in templates are refused with their place', async () => {
    const text = 'one\ntwo {{#open}}';
    assert.match(
      await refusal({ tool_type: 'prompt', name: 'x', text }),
      /^400 .*\| custom_tools\.1\.text: line 2, column 5: /,
    );
    const prompts = `/api/vmcps/${vmcp}/custom-prompts`;
    assert.match(
      await refusal({ name: 'x', messages: [{ role: 'user', text: 'a @tool(x, =1)' }] }, prompts),
      /^400 .*\| custom_prompts\.0\.messages\.0\.text: line 1, column \d+: /,
    );
  });

  it('syntax errors in Python are refused with their place', async () => {
    const code = 'def main():\n    return (1\n';
    assert.match(
      await refusal({ tool_type: 'python', name: 'x', code }),
      /^400 .*\| custom_tools\.1\.code: line 2, column \d+: /,
    );
    const without = { tool_type: 'python', name: 'x', code: 'x = 1' };
    assert.match(await refusal(without), /^400 .*custom_tools\.1\.code: .*main/);
  });

  it('steps that cannot be are refused', async () => {
    const composite = (...steps: Json[]) => ({ tool_type: 'composite', name: 'x', steps });
    assert.match(
      await refusal(composite({ id: 'a', tool: 'fine', arguments: { x: '{{steps.b}}' } })),
      /custom_tools\.1\.steps\.0: there is no step "b"/,
    );
    assert.match(
      await refusal(
        composite(
          { id: 'a', tool: 'fine', if: '{{steps.b}}' },
          { id: 'b', tool: 'fine', if: '{{steps.a}}' },
        ),
      ),
      /custom_tools\.1\.steps: steps wait for each other: a → b → a/,
    );
    assert.match(
      await refusal(composite({ id: 'a', tool: 'vmcp.x' })),
      /steps\.0\.tool: a composite tool cannot call itself/,
    );
    assert.match(
      await refusal(composite({ id: 'a', tool: 'fine' }, { id: 'a', tool: 'fine' })),
      /steps\.1\.id: two steps are called "a"/,
    );
  });

  it('names that are taken are refused', async () => {
    assert.match(await refusal({ tool_type: 'prompt', name: 'fine', text: '' }), /^409 /);
    assert.match(
      await refusal({ tool_type: 'prompt', name: 'everything_echo', text: '' }),
      /^409 .*belongs to everything\.echo.*custom_tools\.1\.name/,
    );
    const twice = { tool_type: 'prompt', name: 'two', text: '' };
    assert.match(
      await refusal({ custom_tools: [twice, twice] }, `/api/vmcps/${vmcp}`, 'PUT'),
      /^409 .*custom_tools\.1\.name/,
    );
    const prompt = { name: 'fine', text: '' };
    assert.match(
      await refusal(prompt, `/api/vmcps/${vmcp}/custom-prompts`),
      /^409 .*prompt tool.*custom_prompts\.0\.name/,
    );
    const server = { name: 'vmcp', transport_type: 'stdio', config: { command: 'x' } };
    assert.match(await refusal(server, '/api/mcp-servers'), /^409 /);
  });

  it('wrong fields are refused with their path', async () => {
    assert.match(await refusal({ tool_type: 'perl', name: 'x' }), /^400 .*tool_type/);
    assert.match(await refusal({ tool_type: 'prompt', name: 'a b', text: '' }), /^400 .*name/);
    assert.match(await refusal({ tool_type: 'prompt', name: 'x' }), /^400 .*text/);
    const tool = { tool_type: 'http', name: 'x', api_config: { url: 'ftp://x' } };
    assert.match(await refusal(tool), /^400 .*custom_tools\.1\.api_config\.url: /);
  });

  it('what fails in a run is an error result that says why', async () => {
    const prompt = (text: string) => tried({ tool_type: 'prompt', text });
    assert.match(await prompt('@tool(nowhere.x)'), /^true .*nowhere\.x/);
    assert.match(await prompt('@param.missing'), /^true .*“missing”/);
    assert.match(await prompt('@tool(vmcp.tried)'), /^true .*tried/);
    assert.match(await prompt('@tool(everything.get-sum, a="x")'), /^true .*get-sum/);
    assert.match(
      await tried({ tool_type: 'http', api_config: { url: 'http://127.0.0.1:1/' } }),
      /^true No answer from http:\/\/127\.0\.0\.1:1: the connection was refused/,
    );
    assert.match(
      await tried({ tool_type: 'composite', steps: [{ id: 'a', tool: 'nowhere.x' }] }),
      /^true Step "a" \(nowhere\.x\) failed: Unknown tool/,
    );
  });

  it('Python that ends, raises, floods or never ends disturbs nothing', async () => {
    const python = (body: string) =>
      tried({ tool_type: 'python', code: `import sys\ndef main():\n    ${body}\n` });
    assert.match(await python('sys.exit(3)'), /^true /);
    assert.match(await python('return 1 / 0'), /^true .*line 3.*ZeroDivisionError/s);
    assert.match(await python('[print("x" * 1000) for _ in range(5000)]; return 1'), /^false 1/);
    const giveUp = new AbortController();
    const endless = fetch(`${url}${path}/try`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        tool: { tool_type: 'python', name: 'x', code: 'def main():\n    while True: pass\n' },
      }),
      signal: giveUp.signal,
    });
    endless.catch(() => {}); // given up below
    const started = performance.now();
    const body = { name: 'vmcp.fine' };
    const { content } = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, body);
    assert.equal(content[0].text, 'fine');
    assert.ok(performance.now() - started < 5_000);
    giveUp.abort();
    assert.match(await python('return "well"'), /^false well/);
  });

  it('a tool that fails, or whose change is refused, keeps its definition', async () => {
    const code = 'def main(a: int):\n    return 10 // a\n';
    await rest.ok('POST', path, { tool_type: 'python', name: 'divide', code });
    const before = await rest.ok('GET', `${path}/divide`);
    const divide = async (a: number) => {
      const body = { name: 'divide', arguments: { a } };
      const { content } = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, body);
      return content[0].text;
    };
    assert.match(await divide(0), /ZeroDivisionError/);
    const broken = { ...before, code: 'def main(a: int:' };
    assert.match(await refusal(broken, `${path}/divide`, 'PUT'), /^400 .*line 1, column \d+/);
    assert.deepEqual(await rest.ok('GET', `${path}/divide`), before);
    assert.equal(await divide(5), '2');
  });

  it('tools that call each other in a circle end with an error that names it', async () => {
    await rest.ok('PUT', `/api/vmcps/${vmcp}`, {
      custom_tools: [
        { tool_type: 'prompt', name: 'ping', text: '@tool(vmcp.pong)' },
        { tool_type: 'composite', name: 'pong', steps: [{ id: 'a', tool: 'ping' }] },
      ],
    });
    const body = { name: 'vmcp.ping' };
    const { isError, content } = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, body);
    assert.equal(isError, true);
    assert.match(content[0].text, /Cycle: tool vmcp\.ping → tool vmcp\.pong → tool vmcp\.ping/);
  });
});
