import assert from 'node:assert/strict';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofOf } from '../../../src/contract/proof.ts';
import { findServer } from '../../../src/serverLink/foundServer.ts';

describe('findServer', () => {
  let dataDir: string;
  let server: Server;
  let port: number;
  let requests: IncomingMessage[];
  let tokenOfServer: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vmcp-found-'));
    requests = [];
    tokenOfServer = 'secret';
    server = createServer((request, reply) => {
      requests.push(request);
      const nonce = new URL(request.url ?? '', 'http://x').searchParams.get('nonce') ?? '';
      const proof = proofOf(tokenOfServer, nonce);
      reply.end(JSON.stringify({ status: 'ok', version: '1.2.3', pid: 7, api: 1, proof }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  function writeServerFile(changes: object = {}) {
    const file = {
      instance: 'i1',
      host: hostname(),
      pid: 7,
      port,
      adminToken: 'secret',
      version: '1.2.3',
      startedAt: new Date().toISOString(),
      ...changes,
    };
    return writeFile(join(dataDir, 'server.json'), JSON.stringify(file));
  }

  it('finds the server that holds the token, without sending the token', async () => {
    await writeServerFile();
    const found = await findServer(dataDir);
    assert.equal(found?.health.version, '1.2.3');
    assert.equal(found.file.port, port);
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.headers.authorization, undefined);
    assert(!JSON.stringify(requests[0]?.rawHeaders).includes('secret'));
  });

  it('does not take another program on that port for the server', async () => {
    await writeServerFile();
    tokenOfServer = 'another';
    assert.equal(await findServer(dataDir), undefined);
  });

  it('asks with another nonce each time', async () => {
    await writeServerFile();
    await findServer(dataDir);
    await findServer(dataDir);
    assert.notEqual(requests[0]?.url, requests[1]?.url);
  });

  it("ignores another host's file, whose port is another program's here", async () => {
    await writeServerFile({ host: 'elsewhere.example', adminToken: 'of elsewhere' });
    assert.equal(await findServer(dataDir), undefined);
    assert.equal(requests[0]?.headers.authorization, undefined);
  });

  it('finds the server of a machine that was given another name meanwhile', async () => {
    await writeServerFile({ host: 'before.example' });
    assert.equal((await findServer(dataDir))?.file.port, port);
  });

  it("ignores another user's file without asking the server that it tells", async function () {
    if (process.getuid?.() !== 0) this.skip(); // only root can make one
    await writeServerFile();
    await chown(join(dataDir, 'server.json'), 12_345, 12_345);
    assert.equal(await findServer(dataDir), undefined);
    assert.equal(requests.length, 0);
  });

  it('finds nothing where nobody listens, the file is damaged or missing', async () => {
    assert.equal(await findServer(dataDir), undefined);
    await writeFile(join(dataDir, 'server.json'), '{"instance":');
    assert.equal(await findServer(dataDir), undefined);
    await writeServerFile();
    server.close();
    assert.equal(await findServer(dataDir), undefined);
  });
});
