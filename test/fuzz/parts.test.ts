import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeRecord, payloadOf, readJournal } from '../../src/server/store/journalRecords.ts';
import { parseTemplate } from '../../src/server/template/parseTemplate.ts';
import { previewTemplate } from '../../src/server/template/previewTemplate.ts';
import { renderText } from '../../src/server/template/renderTemplate.ts';
import { TemplateError } from '../../src/server/template/templateError.ts';
import { EventStreamParser } from '../../src/server/upstream/eventStreamParser.ts';
import { LineScanner } from '../../src/server/upstream/lineScanner.ts';
import { originOf } from '../../src/server/vmcp/naming/claimLedger.ts';
import { assignNames, maxNameLength, type NameWish } from '../../src/server/vmcp/naming/names.ts';
import { testScope } from '../unit/template/testScope.ts';
import { cases, patienceMs } from './cases.ts';

const runs = { numRuns: cases };
/** Far more than any of these inputs may take, in milliseconds. */
const limitMs = 2000;

function inTime<T>(work: () => T): T {
  const before = performance.now();
  const result = work();
  assert(performance.now() - before < limitMs, 'took too long');
  return result;
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));

/** The bytes in pieces, cut where the numbers say. */
function cut(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < whole.length; ) {
    const size = 1 + (sizes[pieces.length % sizes.length] ?? 0);
    pieces.push(whole.subarray(start, start + size));
    start += size;
  }
  return pieces;
}

describe('random input', function () {
  this.timeout(patienceMs);

  it('as template is parsed and previewed in time, and rendering ends with a text or one clear error', async () => {
    const pieces = ['@param.a', '@config:', '@tool(', 's.t', ', a=', '[', ']', '{"', '"', "'", ')'];
    const more = [
      '{{',
      '}}',
      '{{#a}}',
      '{{/a}}',
      '{{^a}}',
      '@@',
      '{{{{',
      '\\',
      '(',
      ' ',
      '\n',
      '.',
    ];
    const text = fc
      .array(
        fc.oneof(fc.constantFrom(...pieces, ...more), fc.string({ unit: 'binary', maxLength: 4 })),
      )
      .map((parts) => parts.join(''));
    const value = fc.oneof(text, fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(text, value, async (source, a) => {
        const template = inTime(() => parseTemplate(source));
        inTime(() => previewTemplate(source));
        const params = { a: JSON.parse(JSON.stringify(a)) };
        try {
          assert.equal(typeof (await renderText(template, testScope({ params }))), 'string');
        } catch (error) {
          assert(error instanceof TemplateError, String(error));
        }
      }),
      runs,
    );
  });

  it('as names of servers and tools gives distinct, legal names, the same again with the claims kept', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'a_b', 'b', 'A', 'a-b', 'ä', '__proto__', 'constructor', '', ' '),
      fc.string({ unit: 'binary', maxLength: 80 }),
    );
    const wish = fc.record({ server: name, name, plain: fc.boolean() });
    const now = Date.parse('2026-01-01T00:00:00Z');
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (made) => {
        const wishes = new Map<string, NameWish>();
        for (const each of made) {
          const origin = originOf(each.server, each.name);
          wishes.set(origin, { ...each, origin });
        }
        const all = [...wishes.values()];
        const { listed, claims } = assignNames(all, [], now);
        const names = all.map(({ origin }) => listed.get(origin) ?? '');
        assert.equal(new Set(names).size, names.length);
        for (const each of names) assert.match(each, /^[A-Za-z0-9_-]+$/);
        assert(names.every((each) => each.length <= maxNameLength));
        const again = assignNames(all.toReversed(), claims, now).listed;
        assert.deepEqual(
          all.map(({ origin }) => again.get(origin)),
          names,
        );
      }),
      runs,
    );
  });

  it('as journal loses no whole record around it', () => {
    const whole = [{ a: 1 }, 'x'.repeat(100), [null]].map(encodeRecord);
    fc.assert(
      fc.property(bytes, bytes, (before, between) => {
        const [first, second, third] = whole as [Buffer, Buffer, Buffer];
        const file = Buffer.concat([first, before, second, between, third]);
        const { records } = inTime(() => readJournal(file));
        const found = records.map((each) => payloadOf(each).toString());
        assert.deepEqual(found, ['{"a":1}', `"${'x'.repeat(100)}"`, '[null]']);
      }),
      runs,
    );
  });

  it('as event stream gives the same events however it is cut, each within the limit', () => {
    const line = fc.constantFrom(
      'data: a',
      'data',
      'id: 1',
      'id',
      'event: e',
      'retry: 9',
      ':',
      '',
      '\r',
    );
    const piece = fc.oneof(
      line.map((each) => Buffer.from(`${each}\n`)),
      bytes,
    );
    const stream = fc.array(piece, { maxLength: 12 }).map((parts) => Buffer.concat(parts));
    const read = (chunks: readonly Buffer[]) => {
      const events: unknown[] = [];
      const parser = new EventStreamParser(200, {
        event: (event) => {
          assert(event.data.length <= 200 * 2);
          events.push(event);
        },
        oversize: (size) => events.push(size > 200),
      });
      for (const chunk of chunks) parser.push(chunk);
      return { events, id: parser.lastEventId, retry: parser.retryMs };
    };
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 20 }), { minLength: 1 }), (whole, sizes) => {
        assert.deepEqual(
          inTime(() => read(cut(whole, sizes))),
          read([whole]),
        );
      }),
      runs,
    );
  });

  it('as lines of a stdio server gives the same lines however they are cut', () => {
    const read = (chunks: readonly Buffer[]) => {
      const lines: unknown[] = [];
      const scanner = new LineScanner(100, {
        line: (text) => lines.push(text),
        oversize: (size, { id, hasMethod }) => lines.push({ size, id, hasMethod }),
      });
      for (const chunk of chunks) scanner.push(chunk);
      scanner.end();
      return lines;
    };
    const piece = fc.oneof(
      bytes,
      fc
        .constantFrom('\n', '{"id":1}', '{"a":"', '\\"', '"id":', '}', '\r\n')
        .map((text) => Buffer.from(text)),
    );
    const stream = fc.array(piece, { maxLength: 8 }).map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 40 }), { minLength: 1 }), (whole, sizes) => {
        assert.deepEqual(
          inTime(() => read(cut(whole, sizes))),
          read([whole]),
        );
      }),
      runs,
    );
  });
});
