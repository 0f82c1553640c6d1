import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/contract/json.ts';
import { jsonText, keepJsonText } from '../../../../src/server/jsonText.ts';
import { completeResult } from '../../../../src/server/mcp/modern/results.ts';

const serverInfo = { name: 'odd', version: '1' };
const added = {
  resultType: 'complete',
  _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
};

/** A result as a server wrote it. */
function written(text: string): JsonObject {
  const result = JSON.parse(text) as JsonObject;
  keepJsonText(result, text);
  return result;
}

describe('Results of 2026-07-28', () => {
  it('say on with the words of the server what it said', () => {
    const text = '{ "content" : [], "x": 1.0 }';
    const result = completeResult('tools/call', written(text), serverInfo);
    assert.deepEqual(result, { content: [], x: 1, ...added });
    assert.equal(jsonText(result), `{ "content" : [], "x": 1.0 ,${JSON.stringify(added).slice(1)}`);
  });

  it('are written anew where a member would stand there twice, or nothing before', () => {
    for (const text of [
      '{"content":[],"_meta":{"a":1}}',
      '{"resultType":"partial","content":[]}',
      '{"content":[],"\\u005fmeta":{"a":1}}',
      '{}',
      '{ }',
      '{"content":[]} ',
    ]) {
      const result = completeResult('tools/call', written(text), serverInfo);
      const { _meta, ...rest } = JSON.parse(jsonText(result));
      assert.equal(rest.resultType, 'complete', text);
      assert.deepEqual(_meta['io.modelcontextprotocol/serverInfo'], serverInfo, text);
      assert.equal(_meta.a, text.includes('"a"') ? 1 : undefined, text);
      assert.deepEqual(JSON.parse(jsonText(result)), result, text);
    }
  });

  it('carry the hint of a resource for how long it may be kept', () => {
    const result = completeResult('resources/read', written('{"contents":[1]}'), serverInfo);
    const told = { contents: [1], ttlMs: 0, cacheScope: 'private', ...added };
    assert.deepEqual(JSON.parse(jsonText(result)), told);
  });
});
