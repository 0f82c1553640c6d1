import fc from 'fast-check';

/** The part of JSON Schema that the OpenAPI document uses for bodies. */
export interface BodySchema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: BodySchema[];
  oneOf?: BodySchema[];
  allOf?: BodySchema[];
  properties?: Record<string, BodySchema>;
  required?: string[];
  additionalProperties?: BodySchema | boolean;
  items?: BodySchema;
}

const words = [
  ...[
    'a',
    'odd',
    'all',
    'none',
    '',
    ' ',
    '__proto__',
    'constructor',
    '../../x',
    'x://y',
    '********',
  ],
  ...['http://127.0.0.1:9/', 'no-such-program', '{{a}}', '@param.a', '@tool(a)', '${secret:x}'],
  ...[
    'def main(a: int):\n  return a',
    'curl http://127.0.0.1:9/',
    '{"openapi":"3.1.0"}',
    '\u0000',
    '\ud800',
  ],
];
const word = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 12 }));
const anything = fc.oneof(word, fc.jsonValue({ maxDepth: 2 }));
const maxDepth = 6;

/**
 * Bodies that fit a schema, and ones of which some part does not.
 * @param resolve finds the schema that a `$ref` names
 */
export function bodiesOf(
  schema: BodySchema,
  resolve: (ref: string) => BodySchema,
  depth = 0,
): fc.Arbitrary<unknown> {
  const inner = (each: BodySchema) => bodiesOf(each, resolve, depth + 1);
  if (depth > maxDepth) return anything;
  return fc.oneof(
    { weight: 30, arbitrary: fitting(schema, resolve, inner) },
    { weight: 1, arbitrary: anything },
  );
}

function fitting(
  schema: BodySchema,
  resolve: (ref: string) => BodySchema,
  inner: (schema: BodySchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const { anyOf, oneOf, allOf } = schema;
  if (schema.$ref !== undefined) return inner(resolve(schema.$ref));
  const choice = anyOf ?? oneOf ?? allOf;
  if (choice) return fc.oneof(...choice.map(inner));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objects(schema, inner);
    case 'array':
      return fc.array(inner(schema.items ?? {}), { maxLength: 3 });
    case 'string':
      return word;
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -1, max: 100 }), fc.double({ noNaN: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return anything;
  }
}

function objects(
  { properties = {}, required = [], additionalProperties }: BodySchema,
  inner: (schema: BodySchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([key, schema]) => [key, inner(schema)]);
  const known = fc.record<Record<string, unknown>>(Object.fromEntries(members), {
    requiredKeys: required,
  });
  const isOpen = typeof additionalProperties === 'object';
  const others = fc.dictionary(word, isOpen ? inner(additionalProperties) : anything, {
    maxKeys: 3,
  });
  return fc
    .tuple(
      known,
      fc.oneof(
        { weight: isOpen ? 9 : 1, arbitrary: others },
        { weight: 9, arbitrary: fc.constant({}) },
      ),
    )
    .map(([body, more]) => ({ ...more, ...body }));
}
