import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oauthFetch } from '../../../src/server/upstream/oauth/oauthFetch.ts';
import { useCleanup } from '../../support/cleanup.ts';

describe('Requests to what a server named for signing in', () => {
  const cleanup = useCleanup();
  const signal = new AbortController().signal;

  /** A server that sends everything on to this address. @returns its own */
  async function sendingTo(location: string): Promise<string> {
    const server = createServer((_request, response) => {
      response.writeHead(307, { Location: location }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanup.add(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  for (const [location, refusal] of [
    ['http://169.254.169.254/latest/meta-data', /"169\.254\.169\.254" is a .*metadata address/],
    ['https://169.254.169.254/', /metadata address/],
    ['http://2852039166/', /metadata address/],
    ['http://[::ffff:a9fe:a9fe]/', /metadata address/],
    ['http://auth.example/', /not reached by HTTPS/],
    ['file:///etc/passwd', /HTTP|URL scheme|not reached/i],
  ] as const) {
    it(`are not sent on to ${location}`, async () => {
      const url = await sendingTo(location);
      await assert.rejects(oauthFetch(url, signal)(`${url}/.well-known/x`), refusal);
    });
  }

  it('do not reach this machine for a server elsewhere', async () => {
    for (const named of ['http://127.0.0.1:1/', 'https://[::1]/', 'https://localhost/']) {
      const asked = oauthFetch('https://far.example/mcp', signal)(named);
      await assert.rejects(asked, /is an address of this machine/);
    }
  });

  it('are not sent on where they hold what was posted', async () => {
    const url = await sendingTo('https://elsewhere.example/');
    const posted = oauthFetch(url, signal)(`${url}/token`, { method: 'POST', body: 'code=1' });
    await assert.rejects(posted, /redirect/);
  });
});
