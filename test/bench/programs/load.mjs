// Raw load in a process of its own, so that it takes little time and none of the measured programs'.
// Started by fork; each message asks for one round and is answered with what was measured.
//
// round: { url, headers, request: {method, params}, parallel, ms | calls }
//   for HTTP+SSE servers of 2024-11-05 `url` is the event stream's and `sse` is true
// answer: { calls, seconds, p50, p95, p99, longest }, times in milliseconds; or { error }
import { connect } from 'node:net';

let lastId = 1_000;

process.on('message', async (round) => {
  try {
    process.send(await run(round));
  } catch (error) {
    process.send({ error: error.message });
  }
});

async function run({ url, headers = {}, request, parallel, ms = Infinity, calls = Infinity, sse }) {
  const target = new URL(url);
  const callers = await Promise.all(
    Array.from({ length: parallel }, () => (sse ? openSse(target) : openHttp(target, headers))),
  );
  const times = [];
  const began = performance.now();
  let left = calls;
  await Promise.all(
    callers.map(async (caller) => {
      while (left > 0 && performance.now() - began < ms) {
        left -= 1;
        lastId += 1;
        const sent = performance.now();
        const answer = await caller.call(
          JSON.stringify({ jsonrpc: '2.0', id: lastId, ...request }),
        );
        times.push(performance.now() - sent);
        if (!answer.includes('"result"') || answer.includes('"isError":true')) {
          throw new Error(`${url} answered ${answer.slice(0, 500)}`);
        }
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const caller of callers) caller.close();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return {
    ...{ calls: times.length, seconds },
    ...{ p50: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1) },
  };
}

async function openHttp(target, headers) {
  const connection = await Connection.open(target);
  const head = postHead(target.pathname + target.search, target.host, headers);
  return {
    call: (body) => connection.exchange(head, body),
    close: () => connection.close(),
  };
}

/** One session of HTTP+SSE: answers come on the event stream. */
async function openSse(target) {
  const events = await Connection.open(target);
  let rest = '';
  let deliver;
  const next = () =>
    new Promise((resolve) => {
      deliver = resolve;
    });
  events.onData((chunk) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) if (block.includes('data:')) deliver?.(block);
  });
  const first = next();
  events.write(
    `GET ${target.pathname} HTTP/1.1\r\nHost: ${target.host}\r\nAccept: text/event-stream\r\n\r\n`,
  );
  const path = /data: ?(\S+)/.exec(await first)[1];
  const posts = await Connection.open(target);
  const head = postHead(path, target.host, {});
  const call = async (body) => {
    const answer = next();
    await posts.exchange(head, body);
    return answer;
  };
  await call(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2024-11-05',
        capabilities: {},
        clientInfo: { name: 'load', version: '1' },
      },
    }),
  );
  await posts.exchange(head, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
  return {
    call,
    close: () => {
      events.close();
      posts.close();
    },
  };
}

function postHead(path, host, headers) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
    `Accept: application/json, text/event-stream\r\n${lines.join('')}Content-Length: `
  );
}

/** A kept-alive connection that has one request under way at most. */
class Connection {
  #received = '';
  #waiting;

  static open(target) {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(target.port), target.hostname.replace(/[[\]]/g, ''));
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Connection(socket)));
    });
  }

  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  /** Hands over everything that comes instead of looking for answers. */
  onData(listener) {
    this.socket.removeAllListeners('data');
    this.socket.on('data', listener);
  }

  write(text) {
    this.socket.write(text);
  }

  exchange(head, body) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close() {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  #take(chunk) {
    this.#received += chunk;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const body = this.#received.slice(headEnd + 4);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const isComplete =
      length === undefined
        ? /\r\ntransfer-encoding: *chunked/i.test(head)
          ? body.startsWith('0\r\n\r\n') || body.endsWith('\r\n0\r\n\r\n')
          : true
        : body.length >= Number(length);
    if (!isComplete) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const status = Number(head.slice(9, 12));
    if (status >= 300) waiting?.reject(new Error(`status ${status}: ${body.slice(0, 500)}`));
    else waiting?.resolve(body);
  }

  #fail(error) {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
