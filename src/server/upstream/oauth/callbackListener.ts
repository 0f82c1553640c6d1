import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
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
 * @param before the address of an earlier sign-in, used again where its port is free
 */
export async function openCallbackListener(
  answer: (query: URLSearchParams) => Promise<CallbackPage>,
  before?: string,
): Promise<CallbackListener> {
  let own = '';
  const options = { requestTimeout: requestLimitMs, maxHeaderSize: maxHeaderBytes };
  const server = createServer(options, async (request, response) => {
    const { method, url = '', headers } = request;
    const [at, query = ''] = url.split('?', 2);
    // Another host is a page elsewhere whose name was made to lead here.
    const isOurs = method === 'GET' && at === path && `http://${headers.host}${path}` === own;
    const notHere = callbackPage(404, 'Not found', 'There is nothing at this address.');
    const { status, html } = isOurs ? await answer(new URLSearchParams(query)) : notHere;
    response.writeHead(status, { ...callbackHeaders, Connection: 'close' }).end(html);
  });
  server.maxConnections = 16;
  const port = before?.endsWith(path) === true ? Number(new URL(before).port) : 0;
  await listen(server, port).catch((error: unknown) => {
    if (port === 0) throw error;
    return listen(server, 0);
  });
  server.unref();
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  return { url: own, close: () => server.close() };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
