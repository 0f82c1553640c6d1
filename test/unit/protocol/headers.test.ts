import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/contract/json.ts';
import { decodeHeaderValue, encodeHeaderValue } from '../../../src/server/protocol/headerValue.ts';
import { paramHeaderProblem, paramHeadersOf } from '../../../src/server/protocol/paramHeaders.ts';

describe('Header values', () => {
  it('bring back every text, and are legal in a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const value = encodeHeaderValue(text);
        assert.match(value, /^[\x20-\x7e\t]*$/);
        assert.equal(decodeHeaderValue(value), text);
      }),
    );
  });

  it('are plain where that is unambiguous', () => {
    assert.equal(encodeHeaderValue('get_weather'), 'get_weather');
    for (const text of ['', ' a', 'a ', '=?base64?YQ==?=', 'ä', 'a\nb']) {
      assert.match(encodeHeaderValue(text), /^=\?base64\?.*\?=$/);
    }
  });

  it('are literal with half of the marks, and nothing with broken base64', () => {
    assert.equal(decodeHeaderValue('=?base64?YQ=='), '=?base64?YQ==');
    assert.equal(decodeHeaderValue('YQ==?='), 'YQ==?=');
    for (const broken of ['=?base64?YQ?=', '=?base64?Y!Q=?=', '=?base64?/w==?=']) {
      assert.equal(decodeHeaderValue(broken), undefined);
    }
  });
});

const schema: JsonObject = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    filter: {
      type: 'object',
      properties: { limit: { type: 'integer', 'x-mcp-header': 'Limit' } },
    },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
    example: { type: 'object', default: { 'x-mcp-header': 'data, no annotation' } },
  },
};

describe('Headers of parameters', () => {
  const expected = paramHeadersOf(schema) ?? [];

  it('are found at every depth', () => {
    assert.deepEqual(expected, [
      { header: 'mcp-param-region', path: ['region'] },
      { header: 'mcp-param-limit', path: ['filter', 'limit'] },
      { header: 'mcp-param-dry', path: ['dry'] },
    ]);
  });

  it('are not allowed twice, on other types, without a legal name, or out of reach', () => {
    const one = (property: JsonObject) => ({ type: 'object', properties: { a: property } });
    for (const wrong of [
      one({ type: 'number', 'x-mcp-header': 'A' }),
      one({ type: 'string', 'x-mcp-header': 'A b' }),
      one({ type: 'string', 'x-mcp-header': '' }),
      one({ type: 'string', 'x-mcp-header': 1 }),
      one({ type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } }),
      one({ anyOf: [{ type: 'string', 'x-mcp-header': 'A' }] }),
      { type: 'object', $defs: { a: { type: 'string', 'x-mcp-header': 'A' } } },
      {
        type: 'object',
        properties: {
          a: { type: 'string', 'x-mcp-header': 'Same' },
          b: { type: 'string', 'x-mcp-header': 'SAME' },
        },
      },
    ]) {
      assert.equal(paramHeadersOf(wrong), undefined, JSON.stringify(wrong));
    }
  });

  it('say what the arguments say', () => {
    const args = { region: 'eu', filter: { limit: 42 }, dry: false };
    const sent = { 'mcp-param-region': 'eu', 'mcp-param-limit': '42.0', 'mcp-param-dry': 'false' };
    assert.equal(paramHeaderProblem(expected, args, sent), undefined);
    assert.equal(
      paramHeaderProblem(
        expected,
        { ...args, region: null },
        { ...sent, 'mcp-param-region': undefined },
      ),
      undefined,
    );
    assert.match(
      paramHeaderProblem(expected, args, { ...sent, 'mcp-param-limit': '43' }) ?? '',
      /mcp-param-limit differs/,
    );
    assert.match(
      paramHeaderProblem(expected, args, { ...sent, 'mcp-param-region': undefined }) ?? '',
      /mcp-param-region is missing/,
    );
    assert.match(
      paramHeaderProblem(expected, { dry: false, filter: { limit: 42 } }, sent) ?? '',
      /mcp-param-region is sent/,
    );
    assert.match(
      paramHeaderProblem(expected, args, { ...sent, 'mcp-param-region': '=?base64?!?=' }) ?? '',
      /invalid base64/,
    );
  });
});
