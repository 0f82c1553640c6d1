import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStream, parseEventId } from '../../../src/server/mcp/eventStream.ts';

describe('EventStream', () => {
  /** Runs `use` with a function that connects a reader and hands over the server's side of it. */
  async function withReaders(
    use: (
      connect: () => Promise<{ reader: IncomingMessage; response: ServerResponse }>,
    ) => Promise<void>,
    attach: (response: ServerResponse) => void,
  ): Promise<void> {
    const server = createServer((_request, response) => {
      attach(response);
      server.emit('attached', response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await use(async () => {
        const attached = once(server, 'attached');
        const request = get({ port, host: '127.0.0.1', agent: false });
        const [reader] = (await once(request, 'response')) as [IncomingMessage];
        const [response] = (await attached) as [ServerResponse];
        return { reader, response };
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  async function textOf(reader: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of reader) text += String(chunk);
    return text;
  }

  it('gives a client that comes back exactly what it missed, in order', async () => {
    const stream = new EventStream({ id: 'p1' });
    let after = 0;
    await withReaders(
      async (connect) => {
        const first = await connect();
        for (const n of [1, 2]) stream.push(`{"n":${n}}`);
        const cut = once(first.response, 'close');
        first.reader.destroy();
        await cut;
        assert.equal(stream.isOpen, false);
        for (const n of [3, 4]) stream.push(`{"n":${n}}`);
        after = 2;
        const second = await connect();
        stream.push('{"n":5}');
        stream.end();
        const text = await textOf(second.reader);
        assert.deepEqual(
          [...text.matchAll(/id: (\S+)\ndata: (\S+)/g)].map(([, id, data]) => [id, data]),
          [
            ['p1_3', '{"n":3}'],
            ['p1_4', '{"n":4}'],
            ['p1_5', '{"n":5}'],
          ],
        );
      },
      (response) => stream.attach(response, after),
    );
  });

  it('begins with an event id and a reconnection time, and data only where clients expect it', async () => {
    for (const [priming, expected] of [
      ['withData', 'id: p1_0\nretry: 1000\ndata: \n\n'],
      ['withoutData', 'id: p1_0\nretry: 1000\n\n'],
    ] as const) {
      const stream = new EventStream({ id: 'p1' });
      await withReaders(
        async (connect) => {
          const { reader } = await connect();
          stream.end();
          assert.equal(await textOf(reader), expected);
        },
        (response) => stream.attach(response, 0, priming),
      );
    }
  });

  it('keeps at most 1 MiB, but always the last event', async () => {
    const stream = new EventStream({ id: 'p1' });
    for (let n = 1; n <= 5; n += 1) stream.push(JSON.stringify(`${n}${'x'.repeat(400_000)}`));
    stream.push(JSON.stringify('y'.repeat(3_000_000)));
    stream.end();
    await withReaders(
      async (connect) => {
        const { reader } = await connect();
        const text = await textOf(reader);
        assert.deepEqual(text.match(/^id: .*$/gm), ['id: p1_6']);
      },
      (response) => stream.attach(response, 0),
    );
  });

  it('tells that the connection went, but not when it ended itself', async () => {
    let cuts = 0;
    const stream = new EventStream({ onCut: () => (cuts += 1) });
    await withReaders(
      async (connect) => {
        const first = await connect();
        const cut = once(first.response, 'close');
        first.reader.destroy();
        await cut;
        assert.equal(cuts, 1);
        const second = await connect();
        stream.end();
        await textOf(second.reader);
        assert.equal(cuts, 1);
      },
      (response) => stream.attach(response, 0),
    );
  });

  it('reads only event ids of its own form', () => {
    assert.deepEqual(parseEventId('p1abc_17'), { stream: 'p1abc', seq: 17 });
    for (const wrong of [
      '',
      'p1',
      'p1_',
      '_1',
      'p1_-1',
      'p1_1_2',
      'P1_1',
      `p1_${'9'.repeat(20)}`,
    ]) {
      assert.equal(parseEventId(wrong), undefined, wrong);
    }
  });
});
