import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/contract/json.ts';
import { SpilledResults } from '../../../src/server/vmcp/operations/spill/spilledResults.ts';
import { spillResult } from '../../../src/server/vmcp/operations/spill/spillResult.ts';

const owner = { vmcpId: 'vmcp_a', clientId: 'client_a' };
const linksOf = (result: JsonObject) =>
  (result.content as JsonObject[]).filter(({ type }) => type === 'resource_link');

describe('spilled results', () => {
  it('are gone after half an hour by the monotonic clock, whatever the time of day does', () => {
    let now = 0;
    const results = new SpilledResults(() => now);
    const uri = results.add(owner, { mimeType: 'text/plain', text: 'x' });
    now = 29 * 60_000;
    assert(results.read(owner, uri));
    now = 31 * 60_000;
    assert.equal(results.read(owner, uri), undefined);
  });

  it('are bounded: the oldest go first', () => {
    const results = new SpilledResults();
    const text = 'x'.repeat(40 * 1024 * 1024);
    const [first, second, third] = [1, 2, 3].map(() =>
      results.add(owner, { mimeType: 'text/plain', text }),
    );
    assert.equal(results.read(owner, String(first)), undefined);
    assert(results.read(owner, String(second)) && results.read(owner, String(third)));
  });

  it('keep links and small parts where they are, and what an image was made of', () => {
    const results = new SpilledResults();
    const data = 'QUJD'.repeat(2_000);
    const link = { type: 'resource_link', uri: 'file:///a', name: 'a' };
    const small = { type: 'image', mimeType: 'image/png', data: 'QUJD' };
    const content = [link, { type: 'image', mimeType: 'image/png', data }, small];
    const result = spillResult({ content, isError: true, _meta: { a: 1 } }, 4096, results, owner);
    const kept = result.content as JsonObject[];
    assert.deepEqual(
      [kept[0], kept[2], result.isError, result._meta],
      [link, small, true, { a: 1 }],
    );
    const read = results.read(owner, String(kept[1]?.uri));
    assert.deepEqual(read?.contents, [{ uri: kept[1]?.uri, mimeType: 'image/png', blob: data }]);
  });

  it('hold structured content that is too large, too', () => {
    const results = new SpilledResults();
    const structuredContent = { rows: 'x'.repeat(10_000) };
    const result = spillResult({ structuredContent }, 4096, results, owner);
    assert.equal(result.structuredContent, undefined);
    const read = results.read(owner, String(linksOf(result)[0]?.uri));
    const [first] = (read?.contents ?? []) as { text: string }[];
    assert.deepEqual(JSON.parse(first?.text ?? ''), structuredContent);
  });
});
