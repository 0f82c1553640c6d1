import assert from 'node:assert/strict';
import fc from 'fast-check';
import { useCleanup } from '../support/cleanup.ts';
import { upstreams } from '../support/paths.ts';
import { type RawAnswer, RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { cases, patienceMs } from './cases.ts';
import { postedBody } from './jsonRpcMessages.ts';

const together = 16;
const answerLimitMs = 20_000;
/** What the endpoint may say to a request that is not right. */
const statuses = new Set([200, 202, 400, 404, 406, 413, 415]);

describe('random messages of clients', function () {
  this.timeout(patienceMs);
  const suite = useCleanup(after);
  let server: TestServer;
  let healthy: RawClient;
  let hostile: RawClient;

  before(async () => {
    server = await startServer(suite);
    const rest = new Rest(server.url);
    const everything = await rest.addNodeServer('everything', upstreams.everything);
    await rest.connect(everything);
    await rest.addVmcp('all', [everything], { options: { tool_names: 'plain' } });
    healthy = await open();
    hostile = await open();
  });

  async function open(): Promise<RawClient> {
    const client = new RawClient(`${server.url}/mcp/all`);
    suite.add(() => client.close());
    await client.initialize();
    return client;
  }

  const post = (client: RawClient, body: Buffer) =>
    client.exchange('POST', body, { signal: AbortSignal.timeout(answerLimitMs) });

  it('are each answered in good form, and disturb nobody', async () => {
    let serial = 0;
    const property = fc.asyncProperty(
      fc.array(postedBody, { minLength: together, maxLength: together }),
      async (bodies) => {
        const answers = bodies.map(async (body) => inGoodForm(body, await post(hostile, body)));
        const mark = `case ${serial++}`;
        const params = { name: 'echo', arguments: { message: mark } };
        const { result } = await healthy.request('tools/call', params);
        assert.deepEqual(result, { content: [{ type: 'text', text: `Echo: ${mark}` }] });
        await Promise.all(answers);
      },
    );
    await fc.assert(property, { numRuns: Math.ceil(cases / together) });
    const { pid } = await (await fetch(`${server.url}/health`)).json();
    assert.equal(pid, server.pid);
    assert.doesNotMatch(server.output, /unhandled|TypeError|RangeError|ReferenceError/i);
  });
});

/** A status of the protocol, JSON-RPC inside, and answers only to what was asked, each with its own id. */
function inGoodForm(body: Buffer, { status, messages, text }: RawAnswer): void {
  assert(statuses.has(status), `${status} ${text}`);
  const asked = idsIn(body);
  for (const { jsonrpc, id, method, result, error } of messages) {
    assert.equal(jsonrpc, '2.0');
    if (method !== undefined) continue;
    assert(result !== undefined || typeof error?.message === 'string');
    if (id !== undefined && id !== null) assert(asked.has(JSON.stringify(id)), JSON.stringify(id));
  }
}

function idsIn(body: Buffer): Set<string> {
  try {
    const messages: { id?: unknown }[] = [JSON.parse(body.toString())].flat();
    return new Set(messages.map((each) => JSON.stringify(each?.id)));
  } catch {
    return new Set();
  }
}
