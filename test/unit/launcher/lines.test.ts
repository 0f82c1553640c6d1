import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { readClientMessage } from '../../../src/launcher/clientMessage.ts';
import { parseLauncherArguments } from '../../../src/launcher/launcherArguments.ts';
import { readLines } from '../../../src/launcher/readLines.ts';

async function linesOf(chunks: Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks))) lines.push(line);
  return lines;
}

describe('readLines', () => {
  it('splits at LF only, wherever the chunks end', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\u2028', '"', '😀') });
    const lines = fc.array(text.filter((line) => line.trim() !== ''));
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 7 }), async (expected, size) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        const trimmed = expected.map((line) => line.trim());
        assert.deepEqual(await linesOf(chunks), trimmed);
      }),
    );
  });

  it('takes CRLF and a last line without an end, and leaves out empty lines', async () => {
    assert.deepEqual(await linesOf([Buffer.from('a\r\n\r\n\n'), Buffer.from('b')]), ['a', 'b']);
  });
});

describe('readClientMessage', () => {
  it('tells what the relay has to know', () => {
    const read = (value: unknown) => {
      const message = readClientMessage(JSON.stringify(value));
      return message && [message.kind, message.ids, message.cancels];
    };
    const request = { jsonrpc: '2.0', id: 0, method: 'tools/list' };
    assert.deepEqual(read(request), ['request', [0], []]);
    assert.deepEqual(read({ ...request, method: 'initialize' }), ['initialize', [0], []]);
    assert.deepEqual(read({ jsonrpc: '2.0', id: 'x', result: {} }), ['other', [], []]);
    const cancelled = {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: '7' },
    };
    assert.deepEqual(read(cancelled), ['other', [], ['7']]);
    assert.deepEqual(read([request, cancelled]), ['request', [0], ['7']]);
  });

  it('refuses what is no message', () => {
    for (const line of ['{', '5', '[]', '{}', '{"jsonrpc":"2.0","id":null,"method":"x"}']) {
      assert.equal(readClientMessage(line), undefined, line);
    }
  });
});

describe('the arguments of the launcher', () => {
  it('name the vMCP and the folder', () => {
    const given = parseLauncherArguments(['--data-dir', '/x', '--vmcp', 'my dev']);
    assert.deepEqual(given, { dataDir: '/x', vmcp: 'my dev' });
    assert.match(parseLauncherArguments(['--vmcp', 'a']).dataDir, /\.vmcp$/);
  });

  it('are explained where they are wrong', () => {
    assert.throws(() => parseLauncherArguments([]), /--vmcp is missing[\s\S]*usage:/);
    assert.throws(() => parseLauncherArguments(['--port', '1']), /--port[\s\S]*usage:/);
  });
});
