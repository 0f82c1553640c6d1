import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RestClient } from '../../../src/serverLink/restClient.ts';
import { RestError } from '../../../src/serverLink/restError.ts';

describe('RestClient', () => {
  let server: Server;
  let client: RestClient;
  let seen: { method?: string | undefined; url?: string | undefined; token?: string; body: string };
  let answer: { status: number; body: string };

  beforeEach(async () => {
    server = createServer((request, reply) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { method, url, headers } = request;
        seen = { method, url, token: String(headers.authorization), body };
        reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new RestClient({ port: (server.address() as AddressInfo).port, adminToken: 'tok' });
  });
  afterEach(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });

  it('sends the token and the body, and encodes ids', async () => {
    const undo = { undo_id: 'undo_1', undo_until: '2026-01-01T00:00:00.000Z' };
    answer = { status: 200, body: JSON.stringify({ message: 'ok', ...undo }) };
    await client.deleteVmcp('a/../b');
    assert.equal(seen.url, '/api/vmcps/a%2F..%2Fb');
    await client.handOverSecretsKey('AAAA');
    assert.deepEqual(seen, {
      method: 'POST',
      url: '/api/admin/secrets-key',
      token: 'Bearer tok',
      body: '{"key":"AAAA"}',
    });
  });

  it("throws the server's own words", async () => {
    answer = { status: 409, body: '{"error":"Name taken","detail":"name: “a” exists"}' };
    await assert.rejects(client.deleteServer('s'), (error) => {
      assert(error instanceof RestError);
      assert.equal(error.status, 409);
      assert.equal(error.error, 'Name taken');
      assert.equal(error.message, 'Name taken: name: “a” exists');
      return true;
    });
  });

  it('says where an answer is not as the contract has it', async () => {
    answer = { status: 200, body: '[{"vmcp_id":5}]' };
    await assert.rejects(client.vmcps(), /GET \/api\/vmcps is not as expected[\s\S]*vmcp_id/);
    answer = { status: 200, body: 'oops' };
    await assert.rejects(client.vmcps(), /no JSON/);
    answer = { status: 500, body: '' };
    await assert.rejects(client.vmcps(), /HTTP status 500/);
  });
});
