import assert from 'node:assert/strict';
import { createServerSchema } from '../../../src/contract/servers.ts';
import { legalName, parseServerText } from '../../../src/vscode/commands/parseServerText.ts';

describe('parseServerText', () => {
  it('reads a command line', () => {
    assert.deepEqual(
      parseServerText('npx -y @modelcontextprotocol/server-filesystem "/my files"'),
      [
        {
          name: 'filesystem',
          transport_type: 'stdio',
          config: {
            command: 'npx',
            args: ['-y', '@modelcontextprotocol/server-filesystem', '/my files'],
            env: {},
          },
        },
      ],
    );
  });

  it('reads a command line that begins with a quote', () => {
    const [server] = parseServerText('"C:/Program Files/node" "a b.js"');
    assert.deepEqual(server?.config, {
      command: 'C:/Program Files/node',
      args: ['a b.js'],
      env: {},
    });
  });

  it('reads variables before the command', () => {
    const [server] = parseServerText('TOKEN=a=b X= uvx mcp-server-git');
    assert.deepEqual(server?.config, {
      command: 'uvx',
      args: ['mcp-server-git'],
      env: { TOKEN: 'a=b', X: '' },
    });
    assert.equal(server?.name, 'git');
  });

  it('reads a URL, and knows an SSE one by its end', () => {
    const [http] = parseServerText(' https://mcp.example.com/mcp ');
    assert.deepEqual(http, {
      name: 'example',
      transport_type: 'http',
      config: { url: 'https://mcp.example.com/mcp', headers: {} },
    });
    assert.equal(parseServerText('http://localhost:3000/sse')[0]?.transport_type, 'sse');
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
      assert.deepEqual(parseServerText(text), expected, text);
    }
    assert.equal(parseServerText(JSON.stringify(entry))[0]?.name, 'a');
  });

  it('reads several servers at once', () => {
    const text = JSON.stringify({
      mcpServers: {
        a: { url: 'https://a.example/x', type: 'sse', headers: { Authorization: 'Bearer t' } },
        b: { command: 'b' },
      },
    });
    const servers = parseServerText(text);
    assert.deepEqual(
      servers.map(({ name, transport_type }) => [name, transport_type]),
      [
        ['a', 'sse'],
        ['b', 'stdio'],
      ],
    );
  });

  it('makes bodies that the server takes', () => {
    for (const text of [
      'npx x',
      'https://a.b/c',
      '{"x y":{"command":"c"}}',
      'docker run -i ghcr.io/a/b:1',
    ]) {
      for (const server of parseServerText(text)) createServerSchema.parse(server);
    }
  });

  it('says what it does not understand', () => {
    assert.throws(() => parseServerText(''), /Nothing/);
    assert.throws(() => parseServerText('A=b'), /no command/);
    assert.throws(() => parseServerText('{"a":'), /no valid JSON/);
    assert.throws(() => parseServerText('{"a":{"x":1}}'), /“a” has neither/);
    assert.throws(() => parseServerText('{}'), /no server/);
    assert.throws(() => parseServerText('{"a":{"command":"x","args":[1]}}'), /args/);
    assert.throws(() => parseServerText('https://'), /url/i);
  });
});

describe('legalName', () => {
  it('keeps what is legal and never becomes empty', () => {
    assert.equal(legalName('@a/b.c'), 'a-b-c');
    assert.equal(legalName('…'), 'server');
    assert.equal(legalName('x'.repeat(100)).length, 64);
  });
});
