import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import type { ServerEvent } from '../../../src/contract/events.ts';
import type { JsonValue } from '../../../src/contract/json.ts';
import type { WindowMessage } from '../../../src/contract/webview/messages.ts';
import { RestClient } from '../../../src/serverLink/restClient.ts';
import type { LinkState } from '../../../src/serverLink/serverLink.ts';
import { Emitter } from '../../../src/vscode/emitter.ts';
import { contextOf } from '../../../src/vscode/webview/contextOf.ts';
import { Drafts } from '../../../src/vscode/webview/drafts.ts';
import { pageHtml } from '../../../src/vscode/webview/pageHtml.ts';
import { type PageKind, pageAction } from '../../../src/vscode/webview/pageKind.ts';
import { PageSession } from '../../../src/vscode/webview/pageSession.ts';
import { eventually } from '../../support/eventually.ts';

const kind: PageKind = {
  id: 'vmcpEditor',
  context: z.strictObject({ vmcp_id: z.string() }),
  title: () => 'dev',
  operations: ['getVmcp', 'updateVmcp', 'listServers'],
  actions: { double: pageAction(z.strictObject({ n: z.number() }), async ({ n }) => n * 2) },
  follows: (event) => event.type === 'vmcp.changed',
};

describe('the window of a page', () => {
  let server: Server;
  let seen: string[];
  let posted: WindowMessage[];
  let drafts: JsonValue[];
  let refusals: string[];
  let session: PageSession;
  let state: LinkState;
  const states = new Emitter<LinkState>();
  const events = new Emitter<ServerEvent>();

  beforeEach(async () => {
    [seen, posted, drafts, refusals] = [[], [], [], []];
    server = createServer((request, reply) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.url?.includes('slow')) return;
      const status = request.url?.includes('unknown') ? 404 : 200;
      const body = status === 200 ? { ok: true } : { error: 'Not found', detail: 'vmcp_id' };
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    state = connected((server.address() as AddressInfo).port);
    const process = {
      get state() {
        return state;
      },
      get client() {
        if (state.status === 'connected') return state.client;
        throw new Error('The vMCP server is gone.');
      },
      onDidChangeState: states.event,
      onEvent: events.event,
    };
    session = new PageSession(kind, { vmcp_id: 'v' }, process, {
      post: (message) => posted.push(message),
      draftChanged: (draft) => drafts.push(draft),
      refused: (reason) => refusals.push(reason),
    });
  });
  afterEach(() => {
    session.dispose();
    if (state.status === 'connected') state.client.close();
    server.closeAllConnections();
    server.close();
  });

  const request = (name: string, input: object, to = 'rest') =>
    session.receive({ type: 'request', id: 1, to, name, input });
  const answer = () => eventually(() => posted[0], { what: 'an answer' });

  it('passes on what this kind of page may ask for, ids encoded', async () => {
    request('getVmcp', { params: { vmcp_id: 'a/../b?c' } });
    assert.deepEqual(await answer(), { type: 'answer', id: 1, body: { ok: true } });
    assert.deepEqual(seen, ['GET /api/vmcps/a%2F..%2Fb%3Fc']);
  });

  it('passes nothing else on', async () => {
    const wrong: [string, object][] = [
      ['callTool', { params: { vmcp_id: 'v' }, body: { name: 'x' } }],
      ['constructor', {}],
      ['getVmcp', {}],
      ['getVmcp', { params: { vmcp_id: '..' } }],
      ['getVmcp', { params: { vmcp_id: 'v', more: 'x' } }],
      ['getVmcp', { params: { vmcp_id: 'v' }, body: {} }],
      ['getVmcp', { params: { vmcp_id: 'v' }, query: { x: 1 } }],
      ['updateVmcp', { params: { vmcp_id: 'v' } }],
      ['listServers', { path: '/api/admin/stop' }],
    ];
    for (const [name, input] of wrong) {
      posted.length = 0;
      request(name, input);
      assert.equal((await answer()).type, 'failure', `${name} ${JSON.stringify(input)}`);
    }
    assert.deepEqual(seen, []);
  });

  it('does what the page may have it do, with input that was checked', async () => {
    request('double', { n: 2 }, 'window');
    assert.deepEqual(await answer(), { type: 'answer', id: 1, body: 4 });
    for (const [name, input] of [
      ['double', { n: '2' }],
      ['toString', {}],
    ] as const) {
      posted.length = 0;
      request(name, input, 'window');
      assert.equal((await answer()).type, 'failure', name);
    }
  });

  it("tells a refusal in the server's words, and that the server is gone", async () => {
    request('getVmcp', { params: { vmcp_id: 'unknown' } });
    const failure = { status: 404, error: 'Not found', detail: 'vmcp_id' };
    assert.deepEqual(await answer(), { type: 'failure', id: 1, failure });
    posted.length = 0;
    if (state.status === 'connected') state.client.close();
    state = { status: 'closed' };
    request('listServers', {});
    const gone = await answer();
    assert(gone.type === 'failure' && gone.failure.status === 0);
    assert.match(gone.failure.error, /gone/);
  });

  it('waits for the connection of a window that just opened', async () => {
    const later = state;
    state = { status: 'starting' };
    request('listServers', {});
    assert.deepEqual(seen, []);
    state = later;
    states.fire(state);
    await eventually(() => posted.some(({ type }) => type === 'answer'));
  });

  it('ends a request whose answer is not wanted any more', async () => {
    request('getVmcp', { params: { vmcp_id: 'slow' } });
    await eventually(() => seen.length === 1);
    session.receive({ type: 'cancel', id: 1 });
    assert.equal((await answer()).type, 'failure');
  });

  it('tells the events that concern the page, and the state of the link', () => {
    events.fire({ type: 'vmcp.changed', vmcp_id: 'v' });
    events.fire({ type: 'server.removed', server_id: 's' });
    session.receive({ type: 'ready' });
    assert.deepEqual(posted, [
      { type: 'event', event: { type: 'vmcp.changed', vmcp_id: 'v' } },
      { type: 'link', status: 'connected', message: '' },
    ]);
  });

  it('takes drafts, and refuses messages of no known shape', () => {
    session.receive({ type: 'draft', draft: { a: 1 } });
    for (const odd of [null, 'x', {}, { type: 'eval' }, { type: 'draft', draft: 1, more: 2 }]) {
      session.receive(odd);
    }
    assert.deepEqual(drafts, [{ a: 1 }]);
    assert.equal(refusals.length, 5);
  });

  it('says nothing more to a page that was closed', () => {
    session.dispose();
    events.fire({ type: 'vmcp.changed', vmcp_id: 'v' });
    states.fire(state);
    assert.deepEqual(posted, []);
  });
});

describe('the document of a page', () => {
  const text = '</script><img src=x onerror=alert(1)>';
  const html = pageHtml({
    files: { script: 'https://x/a.js', style: 'https://x/a.css', icons: 'https://x/i.css' },
    cspSource: 'https://x',
    nonce: 'n0nce',
    language: 'en',
    title: text,
    start: { context: { text }, draft: null, known: null, texts: {} },
  });

  it('holds what others wrote as text only', () => {
    assert(!html.includes('<img'));
    const data = /id="start">(.*?)<\/script>/.exec(html)?.[1] ?? '';
    assert.equal(JSON.parse(data).context.text, text);
  });

  it('lets nothing in but its own files', () => {
    const policy = /Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    assert.match(policy, /^default-src 'none';/);
    assert.match(policy, /script-src 'nonce-n0nce'(;|$)/);
    assert.doesNotMatch(policy, /unsafe|\*|http:/);
  });
});

describe('drafts of pages', () => {
  it('are kept by page until they are given up', async () => {
    const memory = new Map<string, unknown>();
    const drafts = new Drafts({
      get: (key) => memory.get(key),
      update: async (key, value) => void memory.set(key, value),
    });
    assert.equal(drafts.get('a'), null);
    await drafts.set('a', { typed: 'x' });
    assert.deepEqual([drafts.get('a'), drafts.get('b')], [{ typed: 'x' }, null]);
    await drafts.set('a', null);
    assert.equal(drafts.get('a'), null);
  });
});

describe('a page that VS Code restores', () => {
  it('says what it was about, or nothing', () => {
    assert.deepEqual(contextOf(kind, { context: { vmcp_id: 'v' }, draft: null }), { vmcp_id: 'v' });
    for (const state of [undefined, {}, { context: { other: 1 } }, 'x']) {
      assert.equal(contextOf(kind, state), undefined);
    }
  });
});

function connected(port: number): LinkState {
  const server = {
    instance: 'i',
    host: 'h',
    pid: 1,
    port,
    adminToken: 'tok',
    version: '1.0.0',
    startedAt: '',
  };
  return { status: 'connected', server, folder: '', client: new RestClient(server) };
}
