import fc from 'fast-check';

const methods = [
  ...['initialize', 'ping', 'tools/list', 'tools/call', 'resources/list', 'resources/read'],
  ...['resources/templates/list', 'resources/subscribe', 'resources/unsubscribe', 'prompts/list'],
  ...['prompts/get', 'completion/complete', 'logging/setLevel', 'tasks/get', 'tasks/cancel'],
  ...['notifications/initialized', 'notifications/cancelled', 'notifications/progress'],
  ...['notifications/roots/list_changed', 'server/discover', 'no/such', '', '__proto__'],
];

const words = [
  ...['echo', 'everything.echo', 'get-sum', 'nothing', '__proto__', 'constructor', '../x', ''],
  ...[
    'demo://resource/static/document/features.md',
    'file:///etc/passwd',
    '{{a}}',
    '@config.k',
    '@tool.everything.echo()',
    '\u0000',
    '\ud800',
  ],
];

const word = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 20 }));
const value = fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: fc.jsonValue() });
const keys = ['name', 'arguments', 'uri', 'cursor', 'level', 'ref', 'argument', '_meta', 'taskId'];
const params = fc.oneof(
  fc.dictionary(fc.oneof(fc.constantFrom(...keys), word), value, { maxKeys: 5 }),
  fc.constant({ name: 'echo', arguments: { message: 'm' }, _meta: { progressToken: 0 } }),
  fc.constant({ requestId: 1, reason: 'x' }),
  fc.jsonValue(),
);

const id = fc.oneof(
  fc.integer(),
  word,
  fc.constantFrom(null, 1.5, -0, true, [], {}, 1e300),
) as fc.Arbitrary<unknown>;

const request = fc.record(
  {
    jsonrpc: fc.oneof(
      { weight: 9, arbitrary: fc.constant('2.0') },
      { weight: 1, arbitrary: value },
    ),
    id,
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...methods) },
      { weight: 1, arbitrary: value },
    ),
    params,
  },
  { requiredKeys: [] },
);

const response = fc.record(
  { jsonrpc: fc.constant('2.0'), id, result: fc.jsonValue(), error: fc.jsonValue() },
  { requiredKeys: ['jsonrpc', 'id'] },
);

const message = fc.oneof({ weight: 6, arbitrary: request }, { weight: 1, arbitrary: response });

/** A text with one piece taken out, doubled or replaced by bytes of no sense. */
function damaged(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const noise = fc.uint8Array({ maxLength: 8 });
  return fc.tuple(text, fc.nat(), fc.nat({ max: 12 }), noise).map(([whole, at, length, bytes]) => {
    const source = Buffer.from(whole);
    const start = at % (source.length + 1);
    return Buffer.concat([source.subarray(0, start), bytes, source.subarray(start + length)]);
  });
}

/** Bodies that a hostile or broken client may post: nearly right ones, wrong ones, and noise. */
export const postedBody: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 8, arbitrary: message.map((each) => Buffer.from(JSON.stringify(each))) },
  {
    weight: 2,
    arbitrary: fc
      .array(message, { maxLength: 4 })
      .map((batch) => Buffer.from(JSON.stringify(batch))),
  },
  { weight: 2, arbitrary: damaged(message.map((each) => JSON.stringify(each))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
);
