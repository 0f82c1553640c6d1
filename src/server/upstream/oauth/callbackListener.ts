import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallbackPage, callbackHeaders, callbackPage } from './callbackPage.ts';

const path = '/callback';
const requestLimitMs = 10_000;
const maxHeaderBytes = 16 * 1024;

/** A listener that is open for one sign-in. */
export interface CallbackListener {
  /** The address of return. */
  url: string;
  close(): void;
}

/**
 * Listens on a port of its own on 127.0.0.1 for the answer to one sign-in (RFC 8252, section 7.3).
 * @param answer takes the query of the answer
 */
export async function openCallbackListener(
  answer: (query: URLSearchParams) => Promise<CallbackPage>,
): Promise<CallbackListener> {
  const options = { requestTimeout: requestLimitMs, maxHeaderSize: maxHeaderBytes };
  const server = createServer(options, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isOurs = request.method === 'GET' && url.pathname === path;
    const notHere = callbackPage(404, 'Not found', 'There is nothing at this address.');
    const { status, html } = isOurs ? await answer(url.searchParams) : notHere;
    response.writeHead(status, { ...callbackHeaders, Connection: 'close' }).end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${path}`, close: () => server.close() };
}
