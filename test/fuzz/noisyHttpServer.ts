import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { nonsense, random } from '../fixtures/upstream/noise.mjs';
import type { Cleanup } from '../support/cleanup.ts';

type Request = { id?: number; method: string; params?: { arguments: { mark: string } } };

/**
 * A Streamable HTTP server without sessions that answers every call rightly: as JSON, or in a stream
 * with comments, odd fields, foreign answers and nonsense, cut anywhere.
 * @returns its address
 */
export async function startNoisyHttpServer(cleanup: Cleanup, seed: number): Promise<string> {
  const next = random(seed);
  const server = createServer((request, response) => void answer(request, response, next));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => number,
): Promise<unknown> {
  if (request.method !== 'POST') return response.writeHead(405).end();
  const { id, method, params } = (await json(request)) as Request;
  if (id === undefined) return response.writeHead(202).end();
  const message = JSON.stringify({ jsonrpc: '2.0', id, ...outcome(method, params) });
  if (next() < 0.3) {
    return response.writeHead(200, { 'content-type': 'application/json' }).end(message);
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let text = '';
  while (next() < 0.7) text += oddEvent(next);
  text += `event: message\r\ndata: ${message}\r\n\r\n`;
  if (next() < 0.5) text += oddEvent(next);
  const bytes = Buffer.from(text);
  const cut = Math.floor(next() * bytes.length);
  response.write(bytes.subarray(0, cut));
  return setImmediate(() => response.end(bytes.subarray(cut)));
}

function outcome(method: string, params: Request['params']): object {
  const inputSchema = { type: 'object', properties: { mark: { type: 'string' } } };
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'noisy', version: '1' },
        },
      };
    case 'tools/list':
      return { result: { tools: [{ name: 'echo', inputSchema }] } };
    case 'tools/call':
      return { result: { content: [{ type: 'text', text: params?.arguments.mark }] } };
    default:
      return { error: { code: -32601, message: `no ${method}` } };
  }
}

function oddEvent(next: () => number): string {
  const lines = nonsense(next).split(/[\r\n]/);
  const fields = [
    ': comment\n\n',
    'retry: x\n\n',
    'id\n\n',
    'event: other\ndata: {}\n\n',
    'data\n\n',
    `${lines.join(' ').replaceAll(':', ' ')}\n\n`,
    `${lines.map((line) => `data: ${line}\n`).join('')}\n`,
  ];
  return fields[Math.floor(next() * fields.length)] ?? '';
}
