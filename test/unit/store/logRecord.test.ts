import assert from 'node:assert/strict';
import fc from 'fast-check';
import { idHash, LogPayload, readLogPayload } from '../../../src/server/store/logRecord.ts';

describe('log payload', () => {
  const few = fc.constantFrom('a', 'b', 'ab', '"', '\n', 'grün 🙂');
  const row = fc.record({
    logId: fc.string(),
    vmcpId: few,
    clientId: few,
    clientName: few,
    method: few,
    serverId: few,
    tool: few,
    success: fc.boolean(),
    durationMs: fc.nat(),
    toolsExposed: fc.nat(),
    at: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    text: fc.jsonValue().map((value) => JSON.stringify(value)),
  });

  it('is read as the rows that it was made of', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const payload = new LogPayload();
        for (const each of rows) payload.add(each);
        assert.equal(payload.rows, rows.length);
        const record = readLogPayload(payload.take());
        assert(record);
        const { groups, columns, texts, starts } = record;
        rows.forEach((each, index) => {
          const [group = -1, ...numbers] = columns.slice(6 * index, 6 * index + 6);
          const { vmcpId, clientId, clientName, method, serverId, tool } = each;
          assert.deepEqual(groups[group], { vmcpId, clientId, clientName, method, serverId, tool });
          const outcome = [each.durationMs * 1000, each.success ? 0 : 1];
          assert.deepEqual(numbers, [each.at, each.toolsExposed, idHash(each.logId), ...outcome]);
          const text = Buffer.from(texts).toString('utf8', starts[index], starts[index + 1]! - 1);
          assert.equal(text, each.text);
        });
      }),
    );
  });

  it('is no other payload', () => {
    assert.equal(readLogPayload(Buffer.from('{"changes":[]}')), undefined);
  });
});
