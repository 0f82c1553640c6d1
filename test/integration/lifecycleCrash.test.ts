import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { useCleanup } from '../support/cleanup.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** How often the server is killed, and how many writes are under way each time. */
const kills = 20;
const writes = 200;

describe('kill -9 of the server at random moments', () => {
  const cleanup = useCleanup();

  it(`during ${writes} writes, ${kills} times, loses no acknowledged one, and sessions go on`, async () => {
    const server = await startServer(cleanup);
    const rest = new Rest(server.url, await server.adminToken());
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    const vmcpId = await rest.addVmcp('odd', [odd], { options: { tool_names: 'plain' } });
    const client = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => client.close());
    await client.initialize();

    for (let kill = 0; kill < kills; kill += 1) {
      const acknowledged = await writeUntilKilled(server, vmcpId, kill);
      await server.start();
      const again = new Rest(server.url, await server.adminToken());
      const { description } = await again.ok('GET', `/api/vmcps/${vmcpId}`);
      const kept = Number(/^kill \d+ write (\d+)$/.exec(description)?.[1] ?? -1);
      assert(kept >= acknowledged, `write ${acknowledged} was acknowledged, ${kept} was kept`);
      const { result } = await client.request('tools/call', { name: 'echo' });
      assert(result, 'the session goes on');
    }
  }).timeout(240_000);

  /** @returns the last write that was acknowledged */
  async function writeUntilKilled(
    server: TestServer,
    vmcpId: string,
    kill: number,
  ): Promise<number> {
    const rest = new Rest(server.url, await server.adminToken());
    let acknowledged = -1;
    const killed = delay(Math.random() * 250).then(() => server.kill9());
    for (let write = 0; write < writes; write += 1) {
      try {
        const description = `kill ${kill} write ${write}`;
        await rest.ok('PUT', `/api/vmcps/${vmcpId}`, { description });
        acknowledged = write;
      } catch {
        break; // the server is gone
      }
    }
    await killed;
    return acknowledged;
  }
});
