import assert from 'node:assert/strict';
import { type Variable, variableSchema } from '../../../src/contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { RpcError } from '../../../src/contract/jsonRpc.ts';
import { convertArguments, variablesSchema } from '../../../src/server/tools/variables.ts';

const variable = (name: string, type: string, more: JsonObject = {}): Variable =>
  variableSchema.parse({ name, type, ...more });

describe('variables of tools', () => {
  it('become a JSON Schema', () => {
    const variables = [
      variable('city', 'str', { required: true, description: 'Where', enum: ['Rome', 'Oslo'] }),
      variable('days', 'integer', { default: 3, required: true }),
      variable('tags', 'list'),
      variable('filter', 'dict', { schema: { properties: { a: { type: 'string' } } } }),
      variable('ids', 'array', { schema: { items: { type: 'integer' }, minItems: 1 } }),
    ];
    assert.deepEqual(variablesSchema(variables), {
      type: 'object',
      properties: {
        city: { type: 'string', description: 'Where', enum: ['Rome', 'Oslo'] },
        days: { type: 'integer', default: 3 },
        tags: { type: 'array', items: {} },
        filter: { type: 'object', properties: { a: { type: 'string' } } },
        ids: { type: 'array', items: { type: 'integer' }, minItems: 1 },
      },
      required: ['city'],
      additionalProperties: false,
    });
    assert.deepEqual(variablesSchema([]), {
      ...{ type: 'object', properties: {}, additionalProperties: false },
    });
  });

  const taken: [string, JsonValue, JsonValue][] = [
    ['str', 'x', 'x'],
    ['string', '', ''],
    ['int', 3, 3],
    ['int', 3.0, 3],
    ['int', '-12', -12],
    ['int', '3.0', 3],
    ['float', 1.5, 1.5],
    ['number', '1e3', 1000],
    ['bool', false, false],
    ['list', [1, 'a'], [1, 'a']],
    ['object', { a: null }, { a: null }],
  ];
  for (const [type, value, expected] of taken) {
    it(`take ${JSON.stringify(value)} as ${type}`, () => {
      assert.deepEqual(convertArguments([variable('x', type)], { x: value }), { x: expected });
    });
  }

  const refused: [string, JsonValue, string][] = [
    ['str', 3, 'Argument "x" must be a string, not 3'],
    ['int', 3.5, 'Argument "x" must be a whole number, not 3.5'],
    ['int', 'abc', 'Argument "x" must be a whole number, not "abc"'],
    ['int', '0x10', 'Argument "x" must be a whole number, not "0x10"'],
    [
      'int',
      '12345678901234567890',
      'Argument "x" must be a whole number, not "12345678901234567890"',
    ],
    ['int', true, 'Argument "x" must be a whole number, not true'],
    ['float', '', 'Argument "x" must be a number, not ""'],
    ['float', '1e999', 'Argument "x" must be a number, not "1e999"'],
    ['bool', 'true', 'Argument "x" must be true or false, not "true"'],
    ['bool', 1, 'Argument "x" must be true or false, not 1'],
    ['list', '1,2', 'Argument "x" must be an array, not "1,2"'],
    ['list', {}, 'Argument "x" must be an array, not an object'],
    ['dict', [], 'Argument "x" must be an object, not an array'],
  ];
  for (const [type, value, message] of refused) {
    it(`refuse ${JSON.stringify(value)} as ${type}`, () => {
      const convert = () => convertArguments([variable('x', type)], { x: value });
      assert.throws(convert, new RpcError(-32602, message));
    });
  }

  it('name what is missing, unknown or not allowed', () => {
    const variables = [
      variable('a', 'str', { required: true }),
      variable('b', 'int', { enum: [1, 2] }),
    ];
    assert.throws(() => convertArguments(variables, {}), /Argument "a" is missing/);
    assert.throws(() => convertArguments(variables, { a: null }), /Argument "a" is missing/);
    assert.throws(
      () => convertArguments(variables, { a: '', c: 1 }),
      /Unknown argument "c"; there is: a, b/,
    );
    assert.throws(
      () => convertArguments([], { c: 1 }),
      /Unknown argument "c"; there is: no arguments/,
    );
    assert.throws(() => convertArguments(variables, { a: '', b: 3 }), /"b" must be one of 1, 2/);
    assert.deepEqual(convertArguments(variables, { a: '', b: '2' }), { a: '', b: 2 });
  });

  it('fill in defaults, and leave out optional ones that are null or not there', () => {
    const variables = [
      variable('a', 'int', { default: '7' }),
      variable('b', 'str', { required: true, default: 'x' }),
      variable('c', 'str'),
    ];
    assert.deepEqual(convertArguments(variables, { c: null }), { a: 7, b: 'x' });
  });

  it('know no names that objects inherit', () => {
    assert.throws(() => convertArguments([], { constructor: 1 }), /Unknown argument "constructor"/);
    const variables = [variable('toString', 'str'), variable('__proto__', 'str')];
    assert.deepEqual(convertArguments(variables, {}), {});
    const schema = variablesSchema(variables).properties as JsonObject;
    assert.deepEqual(Object.keys(schema), ['toString', '__proto__']);
  });
});
