import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Cleanup, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

/** What a collector of OTLP/HTTP got, oldest first. */
async function startCollector(cleanup: Cleanup) {
  const spans: Span[] = [];
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    assert.equal(`${request.method} ${request.url}`, 'POST /v1/traces');
    // biome-ignore lint/suspicious/noExplicitAny: its shape is what is tested
    const body: any = await json(request);
    texts.push(JSON.stringify(body));
    for (const { scopeSpans } of body.resourceSpans) spans.push(...scopeSpans[0].spans);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.add(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, spans, texts };
}

const attribute = (span: Span, name: string) =>
  Object.values(span.attributes.find(({ key }) => key === name)?.value ?? {})[0];

const clientTrace = '0af7651916cd43dd8448eb211c80319c';
const clientSpan = 'b7ad6b7169203331';
const traceparent = `00-${clientTrace}-${clientSpan}-01`;

describe('traces', () => {
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: Rest;
  let client: RawClient;
  let collector: Awaited<ReturnType<typeof startCollector>>;

  before(async () => {
    collector = await startCollector(cleanup);
    server = await startServer(cleanup);
    rest = new Rest(server.url, await server.adminToken());
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    await rest.addVmcp('traced', [odd], {
      options: { tool_names: 'plain' },
      custom_tools: [
        {
          tool_type: 'composite',
          name: 'twice',
          steps: [
            { id: 'a', tool: 'odd.echo', arguments: {} },
            { id: 'b', tool: 'odd.echo', arguments: {} },
          ],
        },
      ],
    });
    client = new RawClient(`${server.url}/mcp/traced`);
    cleanup.add(() => client.close());
    await client.initialize();
  });

  const setEndpoint = (otlpEndpoint: string) =>
    rest.ok('POST', '/api/admin/settings', { otlpEndpoint });

  /** Calls the tool that answers what it was sent. @returns the `_meta` that arrived there */
  async function metaAtServer(meta: object | undefined): Promise<Record<string, unknown>> {
    const params = { name: 'echo', arguments: {}, ...(meta && { _meta: meta }) };
    const { result } = await client.request('tools/call', params);
    return JSON.parse((result as { content: { text: string }[] }).content[0]?.text ?? '').params
      ._meta;
  }

  const spansOf = (traceId: string, count: number) =>
    eventually(() => {
      const found = collector.spans.filter((span) => span.traceId === traceId);
      return found.length >= count ? found : undefined;
    });

  it('are not made by default: what the client tells passes unchanged', async () => {
    const plain = await metaAtServer(undefined);
    assert.equal(plain.traceparent, undefined);
    const told = await metaAtServer({ traceparent, tracestate: 'a=1' });
    assert.equal(told.traceparent, traceparent);
    assert.equal(told.tracestate, 'a=1');
    assert.deepEqual(collector.spans, []);
  });

  it('go on with that of the client, on both hops', async () => {
    await setEndpoint(collector.url);
    const told = await metaAtServer({ traceparent, tracestate: 'a=1' });
    const spans = await spansOf(clientTrace, 2);
    const received = spans.find(({ kind }) => kind === 2);
    const sent = spans.find(({ kind }) => kind === 3);
    assert(received && sent);
    assert.equal(received.parentSpanId, clientSpan);
    assert.equal(sent.parentSpanId, received.spanId);
    assert.equal(told.traceparent, `00-${clientTrace}-${sent.spanId}-01`);
    assert.equal(told.tracestate, 'a=1');
    assert.equal(received.name, 'tools/call echo');
    assert.equal(attribute(received, 'mcp.method.name'), 'tools/call');
    assert.equal(attribute(received, 'gen_ai.operation.name'), 'execute_tool');
    assert.equal(attribute(received, 'gen_ai.tool.name'), 'echo');
    assert.equal(attribute(sent, 'vmcp.server.name'), 'odd');
    assert(BigInt(received.startTimeUnixNano) <= BigInt(sent.startTimeUnixNano));
    assert(BigInt(received.endTimeUnixNano) >= BigInt(received.startTimeUnixNano));
  });

  it('begin at the vMCP where the client tells of none, or of nonsense', async () => {
    const traces = new Set<string>();
    for (const strange of [undefined, '', 'x', `00-${'0'.repeat(32)}-${clientSpan}-01`, 7]) {
      const told = await metaAtServer(strange === undefined ? undefined : { traceparent: strange });
      const traceId = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(String(told.traceparent))?.[1];
      assert(traceId, String(told.traceparent));
      assert.equal((await spansOf(traceId, 2)).length, 2);
      traces.add(traceId);
    }
    assert.equal(traces.size, 5);
  });

  it('that the client does not want recorded are passed on and not sent', async () => {
    const quiet = '1'.repeat(32);
    const told = await metaAtServer({ traceparent: `00-${quiet}-${clientSpan}-00` });
    assert.match(String(told.traceparent), new RegExp(`^00-${quiet}-[0-9a-f]{16}-00$`));
    await metaAtServer({ traceparent: `00-${'2'.repeat(32)}-${clientSpan}-01` });
    await spansOf('2'.repeat(32), 2);
    assert(!collector.texts.some((text) => text.includes(quiet)));
  });

  it('hold the calls of the steps of a tool of its own', async () => {
    const trace = '3'.repeat(32);
    const _meta = { traceparent: `00-${trace}-${clientSpan}-01` };
    await client.request('tools/call', { name: 'twice', arguments: {}, _meta });
    const spans = await spansOf(trace, 3);
    const own = spans.find(({ kind }) => kind === 2);
    assert.equal(spans.filter(({ parentSpanId }) => parentSpanId === own?.spanId).length, 2);
  });

  it('tell the kind of a failure, and neither what was sent nor what was answered', async () => {
    const trace = '4'.repeat(32);
    const _meta = { traceparent: `00-${trace}-${clientSpan}-01` };
    const secret = 'planted-argument-4711';
    await client.request('tools/call', { name: secret, arguments: {}, _meta });
    await client.request('tools/call', { name: 'crash', arguments: { secret }, _meta });
    const spans = await spansOf(trace, 3);
    const types = spans.map((span) => attribute(span, 'error.type')).sort();
    assert.deepEqual(types, ['-32602', 'crashed', 'tool_error']);
    assert(spans.every(({ status }) => status.code === 2));
    const all = collector.texts.join();
    for (const word of [secret, client.sessionId ?? '-', await server.adminToken()]) {
      assert(!all.includes(word), word);
    }
  });

  it('do not hold up calls where the collector is not there, and stop with the setting', async () => {
    await setEndpoint('http://127.0.0.1:9');
    const began = performance.now();
    for (let call = 0; call < 50; call += 1) await metaAtServer(undefined);
    assert(performance.now() - began < 5_000);
    await setEndpoint('');
    assert.equal((await metaAtServer(undefined)).traceparent, undefined);
  });

  it('reach HTTP servers in the header, too', async () => {
    await setEndpoint(collector.url);
    const second = await startServer(cleanup);
    const other = new Rest(second.url, await second.adminToken());
    let header: string | undefined;
    const spy = createServer(async (request, response) => {
      // biome-ignore lint/suspicious/noExplicitAny: any message
      const { id, method, params }: any = request.method === 'POST' ? await json(request) : {};
      if (method === 'tools/call') header = String(request.headers.traceparent);
      const results: Record<string, object> = {
        initialize: {
          protocolVersion: params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'spy', version: '1' },
        },
        'tools/list': { tools: [{ name: 'look', inputSchema: { type: 'object' } }] },
        'tools/call': { content: [] },
      };
      if (id === undefined) return void response.writeHead(method ? 202 : 405).end();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }));
    }).listen(0, '127.0.0.1');
    await once(spy, 'listening');
    cleanup.add(() => spy.closeAllConnections());
    cleanup.add(() => spy.close());
    const { server_id } = await other.ok('POST', '/api/mcp-servers', {
      name: 'spy',
      transport_type: 'http',
      config: { url: `http://127.0.0.1:${(spy.address() as AddressInfo).port}/mcp` },
    });
    await other.connect(server_id);
    await other.addVmcp('spied', [server_id], { options: { tool_names: 'plain' } });
    await other.ok('POST', '/api/admin/settings', { otlpEndpoint: collector.url });
    const through = new RawClient(`${second.url}/mcp/spied`);
    cleanup.add(() => through.close());
    const trace = '5'.repeat(32);
    const _meta = { traceparent: `00-${trace}-${clientSpan}-01` };
    await through.request('tools/call', { name: 'look', arguments: {}, _meta });
    const sent = (await spansOf(trace, 2)).find(({ kind }) => kind === 3);
    assert.equal(header, `00-${trace}-${sent?.spanId}-01`);
  });
});
