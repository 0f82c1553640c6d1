import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  EventStreamParser,
  type StreamEvent,
} from '../../../src/server/upstream/eventStreamParser.ts';

function parse(chunks: readonly string[], maxBytes = 1000) {
  const events: StreamEvent[] = [];
  const oversize: unknown[] = [];
  const parser = new EventStreamParser(maxBytes, {
    event: (event) => events.push(event),
    oversize: (_, id) => oversize.push(id),
  });
  for (const chunk of chunks) parser.push(Buffer.from(chunk));
  return { events, oversize, parser };
}

const message = (data: string) => ({ type: 'message', data });

describe('event stream parser', () => {
  it('reads the examples of the standard', () => {
    const text =
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n';
    const { events, parser } = parse([text]);
    assert.deepEqual(events, ['first event', 'second event', ' third'].map(message));
    assert.equal(parser.lastEventId, '');
    assert.deepEqual(parse(['data\n\ndata\ndata\n\ndata:']).events, ['', '\n'].map(message));
    assert.deepEqual(parse(['data: YHOO\ndata: +2\n\n']).events, [message('YHOO\n+2')]);
  });

  it('reads all ends of lines, a mark at the start, and names', () => {
    const text = '\ufeffevent: endpoint\r\ndata: /a\r\n\r\ndata: b\rdata: c\n\nretry: 250\n\n';
    const { events, parser } = parse([text]);
    assert.deepEqual(events, [{ type: 'endpoint', data: '/a' }, message('b\nc')]);
    assert.equal(parser.retryMs, 250);
  });

  it('takes an id without data, as a priming event has it', () => {
    assert.equal(parse(['id: 7\ndata:\n\n']).parser.lastEventId, '7');
    assert.equal(parse(['id: 7\n']).parser.lastEventId, undefined);
  });

  it('reads the same however the bytes are cut', () => {
    const text = 'id: ü\ndata: {"a":"€"}\n\nevent: x\ndata: 1\ndata: 2\n\n';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const bytes = Buffer.from(text);
        const events: StreamEvent[] = [];
        const parser = new EventStreamParser(1000, {
          event: (event) => events.push(event),
          oversize: () => assert.fail(),
        });
        for (let start = 0, turn = 0; start < bytes.length; turn++) {
          const end = start + (sizes[turn % sizes.length] ?? 1);
          parser.push(bytes.subarray(start, end));
          start = end;
        }
        assert.deepEqual(events, [message('{"a":"€"}'), { type: 'x', data: '1\n2' }]);
        assert.equal(parser.lastEventId, 'ü');
      }),
    );
  });

  it('drops an event beyond the limit, and finds the id of the reply in it', () => {
    const large = JSON.stringify({ result: 'x'.repeat(200), id: 5 });
    const { events, oversize } = parse([`data: ${large}\n\ndata: ok\n\n`], 100);
    assert.deepEqual(events, [message('ok')]);
    assert.deepEqual(oversize, [5]);
    const parts = `data: ${'x'.repeat(60)}\n`.repeat(3);
    assert.deepEqual(parse([`${parts}\ndata: ok\n\n`], 100).events, [message('ok')]);
  });

  it('forgets an event that broke off when the stream begins anew', () => {
    const { events, parser } = parse(['id: 1\ndata: a\n\nid: 2\ndata: half']);
    parser.restart();
    parser.push(Buffer.from('data: b\n\n'));
    assert.deepEqual(events, [message('a'), message('b')]);
    assert.equal(parser.lastEventId, '1');
  });
});
