import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorAt, placesOf } from '../../../webview-ui/shared/errorPlaces.ts';
import { RequestFailure } from '../../../webview-ui/shared/requestFailure.ts';
import { inputKind, parseValue, printValue } from '../../../webview-ui/shared/typedValue.ts';

describe('the input of a value', () => {
  it('fits its schema', () => {
    assert.equal(inputKind({ type: 'string' }), 'text');
    assert.equal(inputKind({ type: ['integer', 'null'] }), 'number');
    assert.equal(inputKind({ anyOf: [{ type: 'boolean' }, { type: 'null' }] }), 'boolean');
    assert.equal(inputKind({ type: 'string', enum: ['a'] }), 'choice');
    assert.equal(inputKind({ type: ['string', 'number'] }), 'json');
    assert.equal(inputKind(true), 'json');
    assert.equal(inputKind(undefined), 'json');
  });

  it('gives back every value that it shows', () => {
    const kinds = [
      ['text', fc.string()],
      ['number', fc.double({ noNaN: true, noDefaultInfinity: true })],
      ['json', fc.jsonValue()],
    ] as const;
    for (const [kind, values] of kinds) {
      fc.assert(
        fc.property(values, (value) => {
          const json = JSON.parse(JSON.stringify(value)); // -0 is 0 in JSON
          assert.deepEqual(parseValue(printValue(json, kind), kind), { value: json });
        }),
      );
    }
  });

  it('takes references for values of every type', () => {
    assert.deepEqual(parseValue('@config.n', 'number'), { value: '@config.n' });
    assert.deepEqual(parseValue('{{items}}', 'json'), { value: '{{items}}' });
  });

  it('says what is wrong with a text that is no value', () => {
    assert.match(JSON.stringify(parseValue('twelve', 'number')), /Enter a number/);
    assert.match(JSON.stringify(parseValue('{', 'json')), /not JSON/);
  });
});

describe('a refusal', () => {
  const places = (detail: string, status = 400) =>
    placesOf(new RequestFailure({ status, error: 'Invalid request', detail }));

  it('names its fields, each with its own message', () => {
    assert.deepEqual(places('name: must be short; mcp_servers[0].overrides.a b.name: is wrong'), [
      { path: 'name', message: 'must be short' },
      { path: 'mcp_servers.0.overrides.a b.name', message: 'is wrong' },
    ]);
  });

  it('may name only the place', () => {
    assert.deepEqual(places('name', 409), [{ path: 'name', message: 'Invalid request' }]);
  });

  it('names none where it is about something else', () => {
    assert.deepEqual(places('connect ECONNREFUSED', 0), []);
  });

  it('is shown at a field for everything in it', () => {
    const all = places('options.tool_names: is wrong');
    assert.equal(errorAt(all, 'options'), 'is wrong');
    assert.equal(errorAt(all, 'options.tool'), undefined);
  });
});
