import assert from 'node:assert/strict';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { startServer, type TestServer } from '../support/server.ts';

const limit = 4096;
const long = `${'0123456789'.repeat(5_000)} the end`;

describe('results over the limit of their vMCP', () => {
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let vmcpId: string;
  let otherId: string;

  before(async () => {
    server = await startServer(cleanup);
    rest = await CheckedRest.open(server.url, await server.adminToken());
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    const options = { tool_names: 'plain' };
    vmcpId = await rest.addVmcp('limited', [odd], {
      options: { ...options, max_result_bytes: limit },
    });
    otherId = await rest.addVmcp('free', [odd], { options });
  });

  async function connect(name: string, vmcp = vmcpId): Promise<RawClient> {
    const client = new RawClient(`${server.url}/mcp/${vmcp}`);
    cleanup.add(() => client.close());
    await client.initialize({ clientInfo: { name, version: '1' } });
    return client;
  }

  /** Calls the tool that answers what it was sent. */
  // biome-ignore lint/suspicious/noExplicitAny: results of any shape are looked into
  async function echo(client: RawClient, value: string): Promise<any> {
    const params = { name: 'echo', arguments: { value } };
    return (await client.request('tools/call', params)).result;
  }

  const read = (client: RawClient, uri: string) => client.request('resources/read', { uri });

  it('come as a preview with a link to all of it, which the client can read in whole or parts', async () => {
    const client = await connect('one');
    const { content } = await echo(client, long);
    assert.equal(content.length, 2);
    assert(Buffer.byteLength(JSON.stringify(content)) < limit);
    const [preview, link] = content;
    assert.match(preview.text, /0123456789.*left out/s);
    assert.equal(link.type, 'resource_link');
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const whole: any = (await read(client, link.uri)).result;
    assert(whole.contents[0].text.includes(long));
    assert.equal(link.size, Buffer.byteLength(whole.contents[0].text));
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const part: any = (await read(client, `${link.uri}?offset=10&length=20`)).result;
    assert.equal(part.contents[0].text, whole.contents[0].text.slice(10, 30));
    const rested = await rest.ok('POST', `/api/vmcps/${vmcpId}/resources/read`, { uri: link.uri });
    assert.deepEqual(rested.contents ?? rested.result?.contents, [
      { ...whole.contents[0], uri: link.uri },
    ]);
  });

  it('are nobody else’s: no other client, vMCP or guess gets them', async () => {
    const client = await connect('one');
    const { content } = await echo(client, long);
    const { uri } = content[1];
    assert((await read(await connect('one'), uri)).result, 'a new session of the same client does');
    for (const other of [await connect('two'), await connect('one', otherId)]) {
      assert((await read(other, uri)).error);
    }
    const { status } = await rest.send('POST', `/api/vmcps/${otherId}/resources/read`, { uri });
    assert.equal(status, 404);
    assert((await read(client, `vmcp-result://${'0'.repeat(32)}`)).error);
  });

  it('pass whole where there is no limit, and below it', async () => {
    const free = await echo(await connect('one', otherId), long);
    assert(free.content[0].text.includes(long));
    const small = await echo(await connect('one'), 'small');
    assert.equal(small.content.length, 1);
    assert.deepEqual(small['x-unknown'], { deep: [1, null] });
  });
});
