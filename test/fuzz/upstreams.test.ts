import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { useCleanup } from '../support/cleanup.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { cases, patienceMs } from './cases.ts';
import { startNoisyHttpServer } from './noisyHttpServer.ts';

const noisyServer = fileURLToPath(new URL('../fixtures/upstream/noisyServer.mjs', import.meta.url));
const together = 16;

describe('calls through servers that write nonsense', function () {
  this.timeout(patienceMs);
  const suite = useCleanup(after);
  const seed = fc.sample(fc.nat(), 1)[0] ?? 1;
  let server: TestServer;
  let rest: Rest;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url);
  });

  /** Every call has a mark of its own, and must come back with it. */
  async function callAll(serverId: string): Promise<void> {
    await rest.connect(serverId);
    const vmcp = await rest.addVmcp(`of ${serverId}`, [serverId]);
    const clients = await Promise.all(
      Array.from({ length: together }, async (_, client) => {
        const raw = new RawClient(`${server.url}/mcp/${vmcp}`);
        suite.add(() => raw.close());
        if (client % 2 === 0) await raw.initialize();
        return raw;
      }),
    );
    const { tools } = (await clients[0]?.request('tools/list'))?.result ?? {};
    let left = cases;
    const callOften = async (client: RawClient, number: number) => {
      while (left-- > 0) {
        const mark = `${number}/${left}`;
        const params = { name: tools[0].name, arguments: { mark } };
        const { result, error } = await client.request('tools/call', params);
        assert.equal(result?.content[0]?.text, mark, `seed ${seed}: ${JSON.stringify(error)}`);
      }
    };
    await Promise.all(clients.map(callOften));
  }

  it('over stdio come back, each with its own answer', async () => {
    await callAll(await rest.addNodeServer('noisy', noisyServer, [String(seed)]));
  });

  it('over HTTP come back, each with its own answer', async () => {
    const url = await startNoisyHttpServer(suite, seed);
    const body = { name: 'noisy http', transport_type: 'http', config: { url } };
    await callAll((await rest.ok('POST', '/api/mcp-servers', body)).server_id);
  });

  it('leave the server well', async () => {
    const { pid } = await rest.ok('GET', '/health');
    assert.equal(pid, server.pid);
    assert.doesNotMatch(server.output, /unhandled|TypeError|RangeError|ReferenceError/i);
  });
});
