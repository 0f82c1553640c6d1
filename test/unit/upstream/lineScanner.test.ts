import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineScanner } from '../../../src/server/upstream/lineScanner.ts';
import { TopLevelIdScanner } from '../../../src/server/upstream/topLevelId.ts';

/** The same bytes in pieces of the given sizes, over and over. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const result: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    result.push(bytes.subarray(start, start + size));
    start += size;
  }
  return result;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

function scan(chunks: readonly Buffer[], maxBytes: number) {
  const lines: string[] = [];
  const oversize: { bytes: number; id: unknown; hasMethod: boolean }[] = [];
  const scanner = new LineScanner(maxBytes, {
    line: (text) => lines.push(text),
    oversize: (bytes, { id, hasMethod }) => oversize.push({ bytes, id, hasMethod }),
  });
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return { lines, oversize };
}

describe('line scanner', () => {
  it('finds the same lines however the bytes are cut', () => {
    const line = fc
      .string({ unit: 'binary', maxLength: 60 })
      .map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.array(line), sizes, (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''), 'utf8');
        const expected = lines.map((text) => Buffer.from(text, 'utf8').toString('utf8'));
        assert.deepEqual(scan(pieces(bytes, cuts), 1000).lines, expected);
      }),
    );
  });

  it('takes what stands after the last newline for a line', () => {
    assert.deepEqual(scan([Buffer.from('a\nb')], 10).lines, ['a', 'b']);
  });

  it('drops a line beyond the limit, tells its id, and goes on with the next', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.integer(), (cuts, idLast, id) => {
        const result = { text: 'x"\\'.repeat(50), id: 'inner' };
        const message = idLast ? { result, id } : { id, result };
        const long = JSON.stringify(message);
        const bytes = Buffer.from(`before\n${long}\nafter\n`);
        assert.deepEqual(scan(pieces(bytes, cuts), 100), {
          lines: ['before', 'after'],
          oversize: [{ bytes: long.length, id, hasMethod: false }],
        });
      }),
    );
  });
});

describe('scanner for the top-level id', () => {
  it('finds the id of any message, whatever stands around it', () => {
    const id = fc.oneof(fc.integer(), fc.string({ unit: 'grapheme', maxLength: 20 }));
    const members = fc.dictionary(
      fc.string().filter((key) => key !== 'id' && key !== '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(members, id, members, sizes, fc.boolean(), (first, value, last, cuts, pretty) => {
        const message = { ...first, id: value, ...last };
        const bytes = Buffer.from(JSON.stringify(message, null, pretty ? 2 : 0));
        const scanner = new TopLevelIdScanner();
        for (const piece of pieces(bytes, cuts)) scanner.push(piece);
        assert.equal(scanner.id, value === 0 ? 0 : value);
        assert.equal(scanner.hasMethod, 'method' in message);
      }),
    );
  });

  it('reads a large text with many escapes in one go', () => {
    const bytes = Buffer.from(JSON.stringify({ result: '\n"'.repeat(2_000_000), id: 5 }));
    const scanner = new TopLevelIdScanner();
    const started = performance.now();
    for (const piece of pieces(bytes, [65_536])) scanner.push(piece);
    assert.equal(scanner.id, 5);
    assert(performance.now() - started < 2000);
  });
});
