import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { HttpError } from '../../../src/server/http/httpError.ts';
import { parseJsonBody } from '../../../src/server/http/jsonBody.ts';
import { jsonErrorPosition } from '../../../src/server/http/jsonErrorPosition.ts';

describe('JSON error position', () => {
  it('is none for every JSON text', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
        assert.equal(jsonErrorPosition(spaced), undefined);
      }),
    );
  });
  it('exists exactly where JSON.parse fails', () => {
    const pieces = fc.constantFrom(
      ...'{}[]",:\\ \n\u00010123.-+eEtrufalsn'.split(''),
      'true',
      '"a"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        assert.equal(jsonErrorPosition(text) === undefined, isJson(text), JSON.stringify(text));
      }),
      { numRuns: 5000 },
    );
  });
  const cases: [string, number][] = [
    ['', 0],
    ['{', 1],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{a:1}', 1],
    ["{'a':1}", 1],
    ['"a\nb"', 2],
    ['"\\x"', 1],
    ['"abc', 4],
    ['01', 0],
    ['{} {}', 3],
    ['nul', 0],
  ];
  for (const [text, position] of cases) {
    it(`of ${JSON.stringify(text)} is ${position}`, () =>
      assert.equal(jsonErrorPosition(text), position));
  }
});

describe('JSON body', () => {
  const detailOf = (body: string | Buffer) => {
    try {
      parseJsonBody(Buffer.from(body));
    } catch (error) {
      assert.ok(error instanceof HttpError);
      assert.equal(error.status, 400);
      return error.detail;
    }
    return undefined;
  };
  it('tells line, column and position of what is wrong', () => {
    assert.equal(detailOf('{\n  "a": tru\n}'), 'Unexpected "t" at line 2, column 8 (position 9).');
    assert.equal(detailOf('{"a":'), 'The body ends too early, at line 1, column 6 (position 5).');
  });
  it('must not be empty, nor broken UTF-8, nor nested too deep', () => {
    assert.match(detailOf('') ?? '', /needs a JSON body/);
    assert.match(detailOf(Buffer.from([0x22, 0xff, 0x22])) ?? '', /UTF-8/);
    assert.match(detailOf('['.repeat(101) + ']'.repeat(101)) ?? '', /Nested deeper than 100/);
    assert.equal(detailOf('['.repeat(100) + ']'.repeat(100)), undefined);
  });
  it('may begin with a byte order mark', () =>
    assert.deepEqual(parseJsonBody(Buffer.from('\ufeff{"a":1}')), { a: 1 }));
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
