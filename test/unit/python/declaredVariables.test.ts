import assert from 'node:assert/strict';
import { variableSchema } from '../../../src/contract/customItems.ts';
import {
  argumentsWithVariables,
  schemaWithVariables,
} from '../../../src/server/tools/python/declaredVariables.ts';

const schema = {
  type: 'object',
  properties: {
    items: { type: 'array', items: { type: 'integer' } },
    n: { type: 'string' },
    free: {},
  },
  required: ['items', 'n', 'free'],
  additionalProperties: false,
};

describe('declared variables of Python tools', () => {
  const variables = [
    { name: 'items', type: 'list', description: 'What to add' },
    { name: 'n', type: 'int', default: 3 },
    { name: 'new', required: true },
  ].map((variable) => variableSchema.parse(variable));

  it('go before the signature, which may say more of the same type', () => {
    assert.deepEqual(schemaWithVariables(schema, variables), {
      type: 'object',
      properties: {
        items: { type: 'array', items: { type: 'integer' }, description: 'What to add' },
        n: { type: 'integer', default: 3 },
        free: {},
        new: { type: 'string' },
      },
      required: ['items', 'free', 'new'],
      additionalProperties: false,
    });
  });

  it('change nothing where there are none', () => {
    assert.deepEqual(schemaWithVariables(schema, []), schema);
    assert.deepEqual(argumentsWithVariables({ a: 1 }, []), { a: 1 });
  });

  it('check, convert and fill in their arguments and leave the others', () => {
    assert.deepEqual(argumentsWithVariables({ free: 'x', new: 'y' }, variables), {
      free: 'x',
      new: 'y',
      n: 3,
    });
    assert.throws(() => argumentsWithVariables({ n: 'abc', new: 'y' }, variables), /"n"/);
    assert.throws(() => argumentsWithVariables({}, variables), /"new"/);
  });
});
