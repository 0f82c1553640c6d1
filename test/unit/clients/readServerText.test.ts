import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import fc from 'fast-check';
import { createServerSchema } from '../../../src/contract/servers.ts';
import { ConfigTextError } from '../../../src/server/clients/read/draft.ts';
import { legalName } from '../../../src/server/clients/read/legalName.ts';
import { readServerText } from '../../../src/server/clients/read/readServerText.ts';

/** Entries whose members are of any type. */
const hostile = fc
  .dictionary(
    fc.constantFrom('a', '__proto__', 'constructor', 'mcpServers'),
    fc.record(
      {
        command: fc.jsonValue(),
        url: fc.oneof(fc.webUrl(), fc.jsonValue()),
        args: fc.jsonValue(),
        env: fc.jsonValue(),
        headers: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  )
  .map((servers) => JSON.stringify({ servers }));

/** The servers of a text whose entries can all be used. */
function read(text: string) {
  const { drafts } = readServerText(text, {});
  return drafts.map(({ server, problem }) => server ?? assert.fail(problem));
}

describe('a pasted server', () => {
  it('reads a command line', () => {
    assert.deepEqual(read('npx -y @modelcontextprotocol/server-filesystem "/my files"'), [
      {
        name: 'filesystem',
        transport_type: 'stdio',
        config: {
          command: 'npx',
          args: ['-y', '@modelcontextprotocol/server-filesystem', '/my files'],
          env: {},
        },
      },
    ]);
  });

  it('reads a command line that begins with a quote', () => {
    const [server] = read('"C:/Program Files/node" "a b.js"');
    assert.deepEqual(server?.config, {
      command: 'C:/Program Files/node',
      args: ['a b.js'],
      env: {},
    });
  });

  it('puts the home folder in place of ~, as a shell does', () => {
    const [server] = read('~/bin/run --in ~/notes --not a~/b');
    assert.deepEqual(server?.config, {
      command: `${homedir()}/bin/run`,
      args: ['--in', `${homedir()}/notes`, '--not', 'a~/b'],
      env: {},
    });
  });

  it('reads variables before the command', () => {
    const [server] = read('TOKEN=a=b X= uvx mcp-server-git');
    assert.deepEqual(server?.config, {
      command: 'uvx',
      args: ['mcp-server-git'],
      env: { TOKEN: 'a=b', X: '' },
    });
    assert.equal(server?.name, 'git');
  });

  it('reads a URL, and knows an SSE one by its end', () => {
    const [http] = read(' https://mcp.example.com/mcp ');
    assert.deepEqual(http, {
      name: 'example',
      transport_type: 'http',
      config: { url: 'https://mcp.example.com/mcp', headers: {} },
    });
    assert.equal(read('http://localhost:3000/sse')[0]?.transport_type, 'sse');
  });

  it("reads other clients' JSON, whole or in part", () => {
    const entry = { command: 'node', args: ['a.js'], env: { K: 'v' }, type: 'stdio' };
    const expected = [
      {
        name: 'my srv',
        transport_type: 'stdio',
        config: { command: 'node', args: ['a.js'], env: { K: 'v' } },
      },
    ];
    for (const text of [
      JSON.stringify({ mcpServers: { 'my srv!': entry } }),
      JSON.stringify({ servers: { 'my srv!': entry } }),
      JSON.stringify({ 'my srv!': entry }),
      `"my srv!": ${JSON.stringify(entry)},`,
    ]) {
      assert.deepEqual(read(text), expected, text);
    }
    assert.equal(read(JSON.stringify(entry))[0]?.name, 'a');
  });

  it('reads several servers at once', () => {
    const text = JSON.stringify({
      mcpServers: {
        a: { url: 'https://a.example/x', type: 'sse', headers: { Authorization: 'Bearer t' } },
        b: { command: 'b' },
      },
    });
    const servers = read(text);
    assert.deepEqual(
      servers.map(({ name, transport_type }) => [name, transport_type]),
      [
        ['a', 'sse'],
        ['b', 'stdio'],
      ],
    );
  });

  it('reads comments and trailing commas', () => {
    const text = '// mine\n{ "servers": { "a": { "command": "x", /* y */ "args": ["1",], }, } }';
    const { kind, drafts } = readServerText(text, {});
    assert.equal(kind, 'json');
    assert.deepEqual(drafts[0]?.server?.config, { command: 'x', args: ['1'], env: {} });
  });

  it("reads Codex's TOML", () => {
    const text = `[mcp_servers.docs]
url = "https://docs.example/mcp"
bearer_token_env_var = "DOCS_TOKEN"
[mcp_servers.docs.env_http_headers]
"X-Team" = "TEAM"
[mcp_servers."my tools"]
command = "npx"
args = ["-y", "tools"]
env = { LEVEL = 3, ON = true }
enabled = false
`;
    const { kind, drafts } = readServerText(text, {});
    assert.equal(kind, 'toml');
    assert.deepEqual(drafts[0]?.server, {
      name: 'docs',
      transport_type: 'http',
      config: {
        url: 'https://docs.example/mcp',
        headers: { 'X-Team': '${env:TEAM}', Authorization: 'Bearer ${env:DOCS_TOKEN}' },
      },
    });
    assert.deepEqual(drafts[1]?.server, {
      name: 'my tools',
      transport_type: 'stdio',
      config: { command: 'npx', args: ['-y', 'tools'], env: { LEVEL: '3', ON: 'true' } },
      enabled: false,
    });
  });

  it('asks for the inputs of VS Code, and keeps what is known here', () => {
    const text = JSON.stringify({
      inputs: [
        { type: 'promptString', id: 'key', description: 'The key', password: true },
        { type: 'pickString', id: 'level', options: ['low', { label: 'H', value: 'high' }] },
      ],
      servers: {
        a: {
          command: '${workspaceFolder}/run',
          args: ['${input:level}', '${env:HOME}', '${userHome}', '${file}'],
          env: { KEY: '${input:key}', OTHER: '${input:other}' },
          envFile: '.env',
        },
      },
    });
    const [draft] = readServerText(text, {}).drafts;
    assert.deepEqual(
      draft?.questions.map(({ id, secret, choices }) => [id, secret, choices]),
      [
        ['level', false, ['low', 'high']],
        ['key', true, undefined],
        ['other', true, undefined],
      ],
    );
    const config = draft?.server?.config;
    assert(config && 'args' in config);
    assert.equal(config.command, '${workspaceFolder}/run');
    assert.deepEqual(config.args, ['${input:level}', '${env:HOME}', homedir(), '${file}']);
    assert(draft?.notes.some((note) => note.includes('${file}')));
    assert(draft?.notes.some((note) => note.includes('envFile')));
  });

  it('turns the variables of Claude Code into those that are known here', () => {
    const entry = { command: 'x', args: ['${A}', '${B:-fallback}', '${C:-fallback}'] };
    const { drafts } = readServerText(JSON.stringify({ x: entry }), { C: 'set' });
    const config = drafts[0]?.server?.config;
    assert(config && 'args' in config);
    assert.deepEqual(config.args, ['${env:A}', 'fallback', '${env:C}']);
  });

  it('reads links that install a server', () => {
    const entry = { name: 'linked', type: 'http', url: 'https://l.example/mcp' };
    const link = `vscode:mcp/install?${encodeURIComponent(JSON.stringify(entry))}`;
    for (const text of [link, `https://vscode.dev/redirect?url=${encodeURIComponent(link)}`]) {
      assert.equal(read(text)[0]?.name, 'linked', text);
    }
  });

  it('says of each entry whether it can be used', () => {
    const text = '{"mcpServers":{"a":{"command":"x"},"b":{"command":"x","args":[1]}}}';
    assert.deepEqual(
      readServerText(text, {}).drafts.map(({ problem }) => problem?.slice(0, 6)),
      [undefined, 'args.0'],
    );
  });

  it('reads whatever comes without breaking', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), hostile), (text) => {
        try {
          for (const { server } of readServerText(text, {}).drafts) {
            if (server) createServerSchema.parse(server);
          }
        } catch (error) {
          assert(error instanceof ConfigTextError, String(error));
        }
      }),
    );
  });

  it('makes bodies that the server takes', () => {
    for (const text of [
      'npx x',
      'https://a.b/c',
      '{"x y":{"command":"c"}}',
      'docker run -i ghcr.io/a/b:1',
    ]) {
      for (const server of read(text)) createServerSchema.parse(server);
    }
  });

  it('says what it does not understand', () => {
    assert.throws(() => read(''), /Nothing/);
    assert.throws(() => read('A=b'), /no command/);
    assert.throws(() => read('{"a":'), /no valid JSON/);
    assert.throws(() => read('{"a":{"x":1}}'), /“a” has neither/);
    assert.throws(() => read('{"a":{"command":"x"}\n,,}'), /valid JSON: line 2/);
    assert.throws(() => read('[mcp_servers.x]\ncommand = '), /valid TOML: line 2/);
    assert.throws(() => read(`{"a":${'['.repeat(1e5)}`), /JSON|deep/);
    assert.throws(() => read('npx "a'), /quote/);
    assert.throws(() => read('{}'), /no server/);
    assert.throws(() => read('https://'), /url/i);
  });
});

describe('legalName', () => {
  it('keeps what is legal and never becomes empty', () => {
    assert.equal(legalName('@a/b.c'), 'a-b-c');
    assert.equal(legalName('…'), 'server');
    assert.equal(legalName('x'.repeat(100)).length, 64);
  });
});
