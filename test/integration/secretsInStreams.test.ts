import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import WebSocket from 'ws';
import { type ServerEvent, serverEventSchema } from '../../src/contract/events.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** One for every place that takes a secret, each to be found wherever it may come out. */
const sentinels = {
  env: 'sentinel-env-4711-abcdef',
  header: 'sentinel-header-4711-abcdef',
  bearer: 'sentinel-bearer-4711-abcdef',
  config: 'sentinel-config-4711-abcdef',
  named: 'sentinel-named-4711-abcdef',
  tool: 'sentinel-tool-4711-abcdef',
};
/** Quotes its secrets when it starts and when it dies, and then behaves. */
const program = `import { writeSync } from 'node:fs';
const { KEY, NAMED } = process.env;
writeSync(2, \`started with \${KEY} and \${NAMED}\\n\`);
process.on('exit', () => writeSync(2, \`died with \${KEY} and \${NAMED}\\n\`));
await import(${JSON.stringify(upstreams.odd)});`;

/** What the scene below makes happen; the others need several windows, damage, or an end. */
const expected: ServerEvent['type'][] = [
  ...(['server.changed', 'server.status', 'server.output', 'server.catalog'] as const),
  ...(['server.removed', 'vmcp.changed', 'vmcp.lists', 'vmcp.resource', 'vmcp.removed'] as const),
  ...(['activity.recorded', 'activity.calls', 'secrets.changed'] as const),
  ...(['client_token.withdrawn', 'stopping'] as const),
];

describe('Secrets in what is told over /ws and to MCP clients', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  const events: ServerEvent[] = [];
  let server: TestServer;
  let rest: CheckedRest;
  let adminToken: string;

  before(async () => {
    server = await startServer(cleanup, { auth: 'token', env: { VMCP_LOG_LEVEL: 'debug' } });
    adminToken = await server.adminToken();
    rest = await CheckedRest.open(server.url, adminToken);
    const headers = { authorization: `Bearer ${adminToken}` };
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers });
    cleanup.add(() => socket.terminate());
    await once(socket, 'open');
    socket.on('message', (data) =>
      events.push(serverEventSchema.parse(JSON.parse(data.toString()))),
    );
    socket.send(JSON.stringify({ type: 'listen' }));
    await eventually(async () => {
      await rest.ok('PUT', '/api/secrets/NAMED', { value: sentinels.named });
      return events.length > 0;
    });
  });

  /** A server that quotes its secrets, one that refuses them, and a vMCP with secrets of its own. */
  async function addAll() {
    const file = join(await makeTempDir(cleanup), 'leaky.mjs');
    await writeFile(file, program);
    const { server_id: leaky } = await rest.ok('POST', '/api/mcp-servers', {
      name: 'leaky',
      transport_type: 'stdio',
      config: {
        command: process.execPath,
        args: [file],
        env: { KEY: sentinels.env, NAMED: `\${secret:NAMED}` },
      },
    });
    const { server_id: remote } = await rest.ok('POST', '/api/mcp-servers', {
      name: 'remote',
      transport_type: 'http',
      config: { url: 'http://127.0.0.1:9/mcp', headers: { 'X-Key': sentinels.header } },
      auth: { type: 'bearer', token: sentinels.bearer },
    });
    await rest.connect(leaky);
    await rest.send('POST', `/api/mcp-servers/${remote}/connect`);
    const api_config = {
      url: 'http://127.0.0.1:9/?token=@config.token',
      auth: { type: 'bearer', token: sentinels.tool },
    };
    const vmcp = await rest.addVmcp('secretive', [leaky], {
      active_config: { token: sentinels.config },
      secret_keys: ['token'],
      custom_tools: [{ tool_type: 'http', name: 'ask', api_config }],
      custom_resources: [{ name: 'note', mime_type: 'text/plain', text: 'x' }],
    });
    return { leaky, remote, vmcp };
  }

  it('is none, whatever is done with them', async () => {
    const { leaky, remote, vmcp } = await addAll();
    const made = await rest.ok('POST', '/api/admin/client-tokens', { name: 'c', vmcp_id: vmcp });
    const { client, ...recorded } = await connectClient(cleanup, {
      http: `${server.url}/t/${made.token}/mcp/${vmcp}`,
    });
    const answers: unknown[] = [await client.listTools()];
    const call = async (name: string, args: Record<string, unknown> = {}) =>
      answers.push(await client.callTool({ name, arguments: args }).catch(String));
    await call('ask');
    await call('leaky_crash');
    await call('leaky_echo', { text: 'hello' });
    // A client that knows secrets may name things by them.
    await rest.send('POST', `/api/vmcps/${vmcp}/tools/call`, {
      name: `leaky.${sentinels.config}`,
      arguments: { x: '@config.token', y: sentinels.env },
    });
    const uri = `x://${sentinels.config}/${sentinels.named}`;
    await rest.send('POST', `/api/vmcps/${vmcp}/resources/read`, { uri });
    await client.readResource({ uri }).catch(() => undefined);
    const content = `/api/vmcps/${vmcp}/custom-resources/note/content`;
    await fetch(server.url + content, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/plain' },
      body: sentinels.config,
    });
    const told = () => {
      return events.flatMap((each) => (each.type === 'activity.calls' ? each.finished : []));
    };
    await eventually(() => told().some(({ method }) => method === 'resources/read'));
    await rest.ok('DELETE', `/api/admin/client-tokens/${made.token_id}`);
    for (const id of [leaky, remote]) await rest.ok('DELETE', `/api/mcp-servers/${id}`);
    await rest.ok('DELETE', `/api/vmcps/${vmcp}`);
    await rest.ok('DELETE', '/api/secrets/NAMED');
    await rest.send('POST', '/api/admin/stop', { successor: false });
    const missing = () => expected.filter((type) => !events.some((event) => event.type === type));
    await eventually(() => missing().length === 0).catch(() => assert.deepEqual(missing(), []));
    const places = {
      events: JSON.stringify(events),
      log: server.output,
      client: JSON.stringify([answers, recorded.notifications]),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const secret of [...Object.values(sentinels), adminToken, made.token]) {
        const at = text.indexOf(secret);
        assert.equal(at, -1, `${place}: …${text.slice(Math.max(0, at - 200), at + 100)}`);
      }
    }
    assert.match(places.events, /started with \*{8} and \*{8}/);
  });
});
