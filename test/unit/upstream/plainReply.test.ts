import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jsonText, keptJsonText } from '../../../src/server/jsonText.ts';
import { plainReply } from '../../../src/server/upstream/plainReply.ts';

const id = fc.nat();
const result = fc.dictionary(fc.string(), fc.jsonValue());

describe('plain replies', () => {
  it('are what JSON.parse makes of the line, and the result keeps its text', () => {
    fc.assert(
      fc.property(id, result, fc.boolean(), (number, value, idComesFirst) => {
        const text = JSON.stringify(value);
        const line = idComesFirst
          ? `{"jsonrpc":"2.0","id":${number},"result":${text}}`
          : `{"result":${text},"jsonrpc":"2.0","id":${number}}`;
        const reply = plainReply(line);
        assert.deepEqual(reply, JSON.parse(line));
        assert.equal(reply && keptJsonText(reply.result), text);
      }),
    );
  });

  it('keep numbers and spaces of the result as they were written', () => {
    const text = '{ "n": 1.0, "big": 123456789012345678901 }';
    const reply = plainReply(`{"jsonrpc":"2.0","id":7,"result":${text}}`);
    assert.equal(reply && jsonText(reply.result), text);
  });

  it('are nothing that says more or something else', () => {
    for (const line of [
      '{"jsonrpc":"2.0","id":1,"result":{},"id":2}',
      '{"jsonrpc":"2.0","id":1,"result":{},"result":{"a":1}}',
      '{"jsonrpc":"2.0","id":1,"result":{}} ',
      '{"jsonrpc":"2.0","id":1,"result":{},"extra":true}',
      '{"jsonrpc":"2.0","id":1,"result":{}}}',
      '{"jsonrpc":"2.0","id":1,"result":{}',
      '{"jsonrpc":"2.0","id":1,"result":[]}',
      '{"jsonrpc":"2.0","id":1,"result":null}',
      '{"jsonrpc":"2.0","id":"1","result":{}}',
      '{"jsonrpc":"2.0","id":1.5,"result":{}}',
      '{"jsonrpc":"2.0","id":01,"result":{}}',
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}',
      '{"jsonrpc":"2.0","id":1,"result":{\r}}',
      '{"result":{},"id":1,"jsonrpc":"2.0","id":2}',
      '{"result":{},"jsonrpc":"2.0","id":2,"x":1}',
      '{"result":{"a":1},"result":{},"jsonrpc":"2.0","id":2}',
      '{"result":{}}',
      '[{"jsonrpc":"2.0","id":1,"result":{}}]',
      'no JSON',
      '',
    ]) {
      assert.equal(plainReply(line), undefined, line);
    }
  });

  it('find the id behind a result that looks like the end of a reply', () => {
    const value = { text: '{},"jsonrpc":"2.0","id":5}' };
    const line = `{"result":${JSON.stringify(value)},"jsonrpc":"2.0","id":6}`;
    assert.deepEqual(plainReply(line), JSON.parse(line));
  });

  it('give no copy of a result its text', () => {
    const reply = plainReply('{"jsonrpc":"2.0","id":1,"result":{"a":1}}');
    assert(reply);
    assert.equal(jsonText({ ...reply.result, b: 2 }), '{"a":1,"b":2}');
  });
});
