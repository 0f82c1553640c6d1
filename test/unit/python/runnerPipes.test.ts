import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { encodeMessage, readRequests } from '../../../src/pythonRunner/frames.ts';
import { PrintedText } from '../../../src/pythonRunner/printedText.ts';
import {
  type RunnerOutput,
  readRunnerOutput,
} from '../../../src/server/tools/python/runnerOutput.ts';

/** The bytes in pieces, cut at these places. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length];
  at.sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const fail = () => assert.fail();

describe('the pipes of the Python runner', () => {
  it('carry requests, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        fc.array(fc.nat(2_000), { maxLength: 10 }),
        async (requests, places) => {
          const framed = requests.flatMap((request) => {
            const length = Buffer.alloc(4);
            length.writeUInt32LE(request.length);
            return [length, Buffer.from(request)];
          });
          const input = async function* () {
            yield* cut(Buffer.concat(framed), places);
          };
          const read: Buffer[] = [];
          for await (const request of readRequests(input())) read.push(Buffer.from(request));
          assert.deepEqual(
            read,
            requests.map((request) => Buffer.from(request)),
          );
        },
      ),
    );
  });

  it('carry messages back, however they are cut', async () => {
    await fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 300 }))),
        fc.array(fc.nat(5_000), { maxLength: 10 }),
        (messages, places) => {
          const output = new PassThrough();
          const read: RunnerOutput[] = [];
          readRunnerOutput(output, (message) => read.push(message), fail);
          const bytes = messages.map(([printed, body]) =>
            encodeMessage({ type: 'reply', printed }, body),
          );
          for (const piece of cut(Buffer.concat(bytes), places)) output.emit('data', piece);
          assert.deepEqual(
            read.map(({ header, body }) => [header, [...body]]),
            messages.map(([printed, body]) => [{ type: 'reply', printed }, [...body]]),
          );
        },
      ),
    );
  });

  it('are given up where something else comes out of them', () => {
    for (const bytes of [Buffer.alloc(8, 255), Buffer.from('\x02\0\0\0\0\0\0\0{}')]) {
      const output = new PassThrough();
      const errors: unknown[] = [];
      readRunnerOutput(output, fail, (error) => errors.push(error));
      output.emit('data', bytes);
      output.emit('data', bytes);
      assert.equal(errors.length, 1);
    }
  });
});

describe('printed text', () => {
  it('is kept up to a limit; the rest is counted', () => {
    const told: string[] = [];
    const printed = new PrintedText(5, (text) => told.push(Buffer.from(text).toString()));
    const write = (text: string) => printed.write(Buffer.from(text));
    assert.equal(write('abc'), 3);
    assert.equal(write('defgh'), 5);
    assert.equal(write('ij'), 2);
    assert.equal(printed.take(), 'abcde\n… 5 more bytes were printed');
    assert.equal(printed.take(), '');
    write('ä');
    assert.equal(printed.take(), 'ä');
    assert.deepEqual(told, ['abc', 'de', 'ä']);
  });

  it('is told of at once, and by the block where it comes in a flood', () => {
    const told: number[] = [];
    const printed = new PrintedText(64 << 10, (text) => told.push(text.byteLength));
    for (let count = 0; count < 10_000; count += 1) printed.write(Buffer.from('x'));
    assert.deepEqual(told.slice(0, 1000), Array(1000).fill(1));
    assert.deepEqual(told.slice(1000), [4096, 4096]);
    assert.equal(printed.take().length, 10_000);
    printed.write(Buffer.from('again'));
    assert.equal(told.at(-1), 5);
  });
});
