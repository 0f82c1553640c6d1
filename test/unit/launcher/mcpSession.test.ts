import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readClientMessage } from '../../../src/launcher/clientMessage.ts';
import { McpHttp } from '../../../src/launcher/mcpHttp.ts';
import { McpSession } from '../../../src/launcher/mcpSession.ts';
import { eventually } from '../../support/eventually.ts';

interface Seen {
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
  message: { id?: number | string; method?: string };
}

type Handler = (request: Seen, reply: ServerResponse) => void;

/** A vMCP endpoint whose answers each test writes by hand. */
describe('the session of the launcher', () => {
  let server: Server;
  let http: McpHttp;
  let session: McpSession;
  let seen: Seen[];
  let written: string[];
  let reported: string[];
  let handle: Handler;

  const initializeLine =
    '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","x":1}}';
  const initializeResult =
    '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{}}}';
  const call = (id: number | string, method = 'tools/call') =>
    JSON.stringify({ jsonrpc: '2.0', id, method });
  const result = (id: number | string) => JSON.stringify({ jsonrpc: '2.0', id, result: {} });

  function json(reply: ServerResponse, body: string, headers: Record<string, string> = {}) {
    reply.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
  }
  function stream(reply: ServerResponse) {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
  }

  beforeEach(async () => {
    seen = [];
    written = [];
    reported = [];
    let sessions = 0;
    handle = (request, reply) => {
      if (request.message.method === 'initialize') {
        sessions += 1;
        json(reply, initializeResult, { 'mcp-session-id': `s${sessions}` });
      } else if (request.method === 'GET') reply.writeHead(405).end();
      else if (request.message.id === undefined) reply.writeHead(202).end();
      else json(reply, result(request.message.id));
    };
    server = createServer(async (request, reply) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { method = '', headers } = request;
      const one = { method, headers, body, message: body === '' ? {} : JSON.parse(body) };
      seen.push(one);
      handle(one, reply);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    http = new McpHttp({ port, adminToken: 'tok' }, 'my vmcp');
    session = new McpSession({
      connect: async () => http,
      write: (line) => written.push(line),
      report: (text) => reported.push(text),
    });
  });
  afterEach(async () => {
    await session.close();
    http.close();
    server.closeAllConnections();
    server.close();
  });

  async function relay(line: string) {
    const message = readClientMessage(line);
    assert(message);
    let sent = 0;
    await session.relay(message, () => {
      sent += 1;
    });
    assert(sent >= 1);
  }

  it('passes messages on unchanged, with the token, the session and the agreed version', async () => {
    await relay(initializeLine);
    await relay('{"jsonrpc":"2.0","id":"a","method":"tools/list","unknown":[1]}');
    assert.deepEqual(written, [initializeResult, result('a')]);
    const [first, second] = seen.filter(({ method }) => method === 'POST');
    assert.equal(first?.body, initializeLine);
    assert.equal(first?.headers['mcp-session-id'], undefined);
    assert.equal(second?.body, '{"jsonrpc":"2.0","id":"a","method":"tools/list","unknown":[1]}');
    assert.equal(second?.headers.authorization, 'Bearer tok');
    assert.equal(second?.headers['mcp-session-id'], 's1');
    assert.equal(second?.headers['mcp-protocol-version'], '2025-06-18');
  });

  it('writes each message of a stream on one line, in order', async () => {
    handle = (_, reply) => {
      stream(reply);
      reply.write('id: 1\ndata:\n\n');
      reply.write('id: 2\ndata: {"jsonrpc":"2.0",\ndata: "method":"notifications/progress"}\n\n');
      reply.end(`id: 3\ndata: ${result(5)}\n\n`);
    };
    await relay(call(5));
    assert.deepEqual(written, ['{"jsonrpc":"2.0","method":"notifications/progress"}', result(5)]);
  });

  it('resumes a stream that was cut, after the last event that came', async () => {
    handle = (request, reply) => {
      stream(reply);
      if (request.method === 'GET') {
        assert.equal(request.headers['last-event-id'], 'e2');
        reply.end(`id: e3\ndata: ${result(1)}\n\n`);
      } else {
        reply.write('retry: 5\nid: e1\ndata:\n\n');
        reply.write('id: e2\ndata: {"jsonrpc":"2.0","method":"x"}\n\n');
        setImmediate(() => reply.destroy());
      }
    };
    await relay(call(1));
    assert.deepEqual(written, ['{"jsonrpc":"2.0","method":"x"}', result(1)]);
    assert.deepEqual(
      seen.map(({ method }) => method),
      ['POST', 'GET'],
    );
  });

  it('answers with an error, and asks nothing twice, where a call breaks off', async () => {
    handle = (_, reply) => reply.destroy();
    await relay(call(9));
    assert.equal(seen.length, 1);
    assert.equal(written.length, 1);
    const answer = JSON.parse(written[0] ?? '');
    assert.equal(answer.id, 9);
    assert.equal(answer.error.code, -32603);
    assert.equal(session.pending, 0);
  });

  it('sends again what never reached a server', async () => {
    const { port } = server.address() as AddressInfo;
    const nobody = new McpHttp({ port: 1, adminToken: '' }, 'x');
    const addresses = [nobody, nobody, new McpHttp({ port, adminToken: 'tok' }, 'x')];
    const patient = new McpSession({
      connect: async () => addresses.shift() ?? http,
      write: (line) => written.push(line),
      report: () => undefined,
    });
    const message = readClientMessage(call(2));
    assert(message);
    await patient.relay(message, () => undefined);
    assert.deepEqual(written, [result(2)]);
    assert.equal(seen.length, 1);
    await patient.close();
  });

  it('begins a new session, unseen by the client, where the old one is gone', async () => {
    await relay(initializeLine);
    written.length = 0;
    const usual = handle;
    handle = (request, reply) => {
      if (request.headers['mcp-session-id'] === 's1') reply.writeHead(404).end('{}');
      else usual(request, reply);
    };
    await relay(call(3));
    assert.deepEqual(written, [result(3)]);
    const sent = seen
      .filter(({ method }) => method === 'POST')
      .map(({ message }) => message.method);
    assert.deepEqual(sent, [
      'initialize',
      'tools/call',
      'initialize',
      'notifications/initialized',
      'tools/call',
    ]);
  });

  it("gives the server's reason where it refuses", async () => {
    handle = (_, reply) =>
      reply.writeHead(404).end('{"error":"Unknown vMCP","detail":"no “dev” here"}');
    await relay(initializeLine);
    assert.equal(JSON.parse(written[0] ?? '').error.message, 'Unknown vMCP: no “dev” here');
    assert.deepEqual(reported, ['Unknown vMCP: no “dev” here']);
  });

  it('owes no answer to a cancelled request', async () => {
    let open: ServerResponse | undefined;
    handle = (request, reply) => {
      if (request.message.id === undefined) {
        reply.writeHead(202).end();
        open?.end();
      } else {
        stream(reply);
        open = reply;
      }
    };
    const running = relay(call(4));
    await eventually(() => open);
    const params = { requestId: 4 };
    await relay(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
    await running;
    assert.deepEqual(written, []);
  });

  it('hears what belongs to no request, and takes the stream up again', async () => {
    const usual = handle;
    let streams = 0;
    handle = (request, reply) => {
      if (request.method !== 'GET') return usual(request, reply);
      streams += 1;
      stream(reply);
      reply.write(`retry: 5\nid: n${streams}\ndata: {"jsonrpc":"2.0","method":"m${streams}"}\n\n`);
      if (streams < 2) reply.end();
    };
    await relay(initializeLine);
    await eventually(() => written.length === 3);
    assert.deepEqual(written.slice(1), [
      '{"jsonrpc":"2.0","method":"m1"}',
      '{"jsonrpc":"2.0","method":"m2"}',
    ]);
    const second = seen.filter(({ method }) => method === 'GET')[1];
    assert.equal(second?.headers['last-event-id'], 'n1');
  });

  it('ends its session at the server when it is closed', async () => {
    await relay(initializeLine);
    await session.close();
    const last = seen.at(-1);
    assert.equal(last?.method, 'DELETE');
    assert.equal(last.headers['mcp-session-id'], 's1');
  });
});
