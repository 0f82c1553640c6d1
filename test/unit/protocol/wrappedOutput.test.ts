import assert from 'node:assert/strict';
import { sessionTool, wrapsOutput } from '../../../src/server/protocol/wrappedOutput.ts';

describe('The output of a tool, for clients of the session era', () => {
  it('is wrapped where its schema is none of objects, and references lead to the new place', () => {
    const outputSchema = {
      $defs: { item: { type: 'string' } },
      type: 'array',
      items: { anyOf: [{ $ref: '#/$defs/item' }, { $ref: '#' }, { $ref: 'https://x/y' }] },
    };
    assert.deepEqual(sessionTool({ name: 't', outputSchema }), {
      name: 't',
      outputSchema: {
        type: 'object',
        properties: {
          result: {
            ...outputSchema,
            items: {
              anyOf: [
                { $ref: '#/properties/result/$defs/item' },
                { $ref: '#/properties/result' },
                { $ref: 'https://x/y' },
              ],
            },
          },
        },
        required: ['result'],
      },
    });
  });

  it('stays as it is where objects come', () => {
    const tool = { name: 't', outputSchema: { type: 'object', properties: {} } };
    assert.equal(sessionTool(tool), tool);
    const plain = { name: 't' };
    assert.equal(sessionTool(plain), plain);
  });

  it('follows the schema where there is one, else the value', () => {
    assert.equal(wrapsOutput({ outputSchema: { anyOf: [] } }, { a: 1 }), true);
    assert.equal(wrapsOutput({ outputSchema: { type: 'object' } }, { a: 1 }), false);
    assert.equal(wrapsOutput(undefined, [1]), true);
    assert.equal(wrapsOutput({}, { a: 1 }), false);
    assert.equal(wrapsOutput({}, null), true);
  });
});
