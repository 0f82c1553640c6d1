import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import type { JsonObject } from '../../../src/contract/json.ts';
import { RpcError } from '../../../src/contract/jsonRpc.ts';
import type { ArgumentOverride } from '../../../src/contract/vmcps.ts';
import { planArguments } from '../../../src/server/vmcp/compile/arguments.ts';
import { findMention } from '../../../src/server/vmcp/compile/schemaMentions.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'Where' },
    limit: { type: 'integer' },
    force: true,
  },
  required: ['path', 'limit'],
  additionalProperties: false,
};

function refusal(argument: string) {
  return (error: unknown) =>
    error instanceof RpcError && error.code === -32602 && error.message.includes(`"${argument}"`);
}

describe('overrides of arguments', () => {
  it('fix a value: it is not shown, not to be sent, and always there', () => {
    const plan = planArguments(schema, { limit: { value: 3 } });
    assert.deepEqual(plan.inputSchema, {
      ...schema,
      properties: { path: { type: 'string', description: 'Where' }, force: true },
      required: ['path'],
    });
    assert.deepEqual(plan.apply({ path: '/' }), { path: '/', limit: 3 });
    assert.throws(() => plan.apply({ limit: 3 }), refusal('limit'));
    assert.deepEqual(plan.issues, []);
  });

  it('fix null, which is a value', () => {
    assert.deepEqual(planArguments(schema, { force: { value: null } }).apply({}), { force: null });
  });

  it('hide an optional argument, which then cannot be sent', () => {
    const plan = planArguments(schema, { force: { hidden: true } });
    assert.deepEqual(Object.keys(plan.inputSchema.properties ?? {}), ['path', 'limit']);
    assert.deepEqual(plan.apply({ path: '/' }), { path: '/' });
    assert.throws(() => plan.apply({ force: false }), refusal('force'));
  });

  it('refuse to hide a required argument, and keep it hidden where it has become required', () => {
    const plan = planArguments(schema, { path: { hidden: true } });
    assert.deepEqual(plan.issues, [
      {
        argument: 'path',
        message: 'a required argument can only be hidden with a value',
        refused: true,
      },
    ]);
    assert.throws(() => plan.apply({ path: '/' }), refusal('path'));
  });

  it('show a default and fill it in only where the client left it out', () => {
    const plan = planArguments(schema, { limit: { default: 5 }, force: { default: true } });
    assert.deepEqual(plan.inputSchema.properties, {
      path: { type: 'string', description: 'Where' },
      limit: { type: 'integer', default: 5 },
      force: { default: true },
    });
    assert.deepEqual(plan.inputSchema.required, ['path']);
    assert.deepEqual(plan.apply({ limit: 0 }), { limit: 0, force: true });
  });

  it('describe anew', () => {
    const plan = planArguments(schema, { path: { description: 'A folder' } });
    assert.deepEqual((plan.inputSchema.properties as JsonObject).path, {
      type: 'string',
      description: 'A folder',
    });
    assert.deepEqual(plan.inputSchema.required, ['path', 'limit']);
  });

  it('tell of an argument that the tool does not have, and still enforce its value', () => {
    const plan = planArguments(schema, { gone: { value: 1 } });
    assert.equal(plan.issues[0]?.refused, false);
    assert.deepEqual(plan.apply({}), { gone: 1 });
    assert.throws(() => plan.apply({ gone: 1 }), refusal('gone'));
  });

  it('fill in no default that the schema did not reckon with, but enforce fixed values', () => {
    const contested = { ...schema, oneOf: [{ required: ['limit'] }, { required: ['force'] }] };
    const plan = planArguments(contested, { limit: { default: 1 }, force: { value: true } });
    assert.deepEqual(
      plan.issues.map(({ message, refused }) => [message, refused]),
      [
        ['also used in inputSchema.oneOf.0.required', true],
        ['also used in inputSchema.oneOf.1.required', true],
      ],
    );
    assert.deepEqual(plan.apply({ path: '/' }), { path: '/', force: true });
  });

  it('leave arguments alone where there is nothing to do', () => {
    const sent = { a: 1 };
    assert.equal(planArguments(schema, undefined).apply(sent), sent);
    assert.equal(planArguments(schema, undefined).inputSchema, schema);
  });

  it('treat names of prototypes like any other', () => {
    const hostile = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{},"toString":{}}}',
    ) as JsonObject;
    const overrides = JSON.parse('{"__proto__":{"value":"x"},"toString":{"default":1}}') as Record<
      string,
      ArgumentOverride
    >;
    const plan = planArguments(hostile, overrides);
    assert.deepEqual(Object.keys(plan.inputSchema.properties ?? {}), ['constructor', 'toString']);
    const applied = plan.apply({});
    assert.deepEqual(Object.entries(applied), [
      ['toString', 1],
      ['__proto__', 'x'],
    ]);
    assert.equal(Object.getPrototypeOf(applied), Object.prototype);
    assert.throws(
      () => plan.apply(JSON.parse('{"__proto__":1}') as JsonObject),
      refusal('__proto__'),
    );
  });

  it('make what fits the shown schema fit the server’s', async () => {
    const names = ['a', 'b', 'c'];
    const override = fc.record(
      { value: fc.integer(), default: fc.integer() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.property(
        fc.subarray(names),
        fc.dictionary(fc.constantFrom(...names), override),
        fc.dictionary(fc.constantFrom(...names), fc.integer()),
        (required, overrides, sent) => {
          const upstream: JsonObject = {
            type: 'object',
            properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])),
            required,
            additionalProperties: false,
          };
          const plan = planArguments(upstream, overrides);
          const fits = new Ajv().compile(plan.inputSchema);
          if (!fits(sent)) return;
          assert.equal(new Ajv().validate(upstream, plan.apply(sent)), true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('findMention', () => {
  const found: [string, JsonObject, string][] = [
    ['oneOf', { oneOf: [{}, { required: ['a'] }] }, 'oneOf.1.required'],
    ['anyOf', { anyOf: [{ properties: { a: {} } }] }, 'anyOf.0.properties.a'],
    ['nested', { allOf: [{ not: { required: ['a'] } }] }, 'allOf.0.not.required'],
    ['if', { if: { properties: { a: { const: 1 } } } }, 'if.properties.a'],
    ['else', { else: { required: ['a'] } }, 'else.required'],
    ['dependentRequired', { dependentRequired: { b: ['a'] } }, 'dependentRequired.b'],
    ['dependentSchemas', { dependentSchemas: { a: {} } }, 'dependentSchemas.a'],
    [
      'a dependent schema',
      { dependentSchemas: { b: { required: ['a'] } } },
      'dependentSchemas.b.required',
    ],
    ['dependencies', { dependencies: { a: ['b'] } }, 'dependencies.a'],
    ['patternProperties', { patternProperties: { '^a': {} } }, 'patternProperties.^a'],
    ['hard patterns', { patternProperties: { '(x+)+$': {} } }, 'patternProperties.(x+)+$'],
    [
      'references',
      { $ref: '#/$defs/Args', $defs: { Args: { required: ['a'] } } },
      '$defs.Args.required',
    ],
    ['references to it', { properties: { b: { $ref: '#/properties/a' } } }, 'properties.b.$ref'],
  ];
  for (const [what, schema, place] of found) {
    it(`finds a mention in ${what}`, () => {
      assert.equal(findMention({ type: 'object', ...schema }, 'a'), `inputSchema.${place}`);
    });
  }

  const none: [string, JsonObject][] = [
    ['its own entries', { properties: { a: {} }, required: ['a'] }],
    ['objects inside of arguments', { properties: { b: { properties: { a: {} } } } }],
    ['other patterns', { patternProperties: { '^x-': {}, b$: {} } }],
    ['endless references', { $ref: '#', allOf: [{ $ref: '#' }] }],
  ];
  for (const [what, schema] of none) {
    it(`takes ${what} for no mention`, () => assert.equal(findMention(schema, 'a'), undefined));
  }

  it('finds a property with a strange name', () => {
    const schema = { properties: { b: { $ref: '#/properties/a~1b~0' } } };
    assert.equal(findMention(schema, 'a/b~'), 'inputSchema.properties.b.$ref');
  });
});
