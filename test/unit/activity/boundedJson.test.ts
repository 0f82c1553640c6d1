import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/contract/json.ts';
import { boundedJson } from '../../../src/server/activity/boundedJson.ts';

const jsonValue = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

describe('Bounded JSON', () => {
  it('is what JSON.stringify writes, where that fits', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(boundedJson(value, text.length), {
          text,
          complete: true,
          bytes: Buffer.byteLength(text),
        });
      }),
    );
  });

  it('is its beginning, where it does not', () => {
    fc.assert(
      fc.property(jsonValue, fc.nat(60), (value, maxLength) => {
        const whole = JSON.stringify(value);
        const { text, complete } = boundedJson(value, maxLength);
        assert.equal(complete, whole.length <= maxLength);
        assert.ok(text.length <= maxLength);
        assert.equal(text.length, Math.min(maxLength, whole.length));
      }),
    );
  });

  it('leaves out members that are undefined, as JSON does', () => {
    assert.equal(boundedJson({ a: undefined, b: 1 }, 100).text, '{"b":1}');
    assert.equal(boundedJson({ a: undefined }, 100).text, '{}');
  });

  it('tells the size of a long text', () => {
    const { bytes, complete } = boundedJson({ text: 'x'.repeat(10_000) }, 100);
    assert.equal(bytes, 10_011);
    assert.equal(complete, false);
  });

  it('looks at no more of a huge value than it must', () => {
    let looks = 0;
    const items = new Proxy(new Array<JsonValue>(500_000).fill(7), {
      get: (target, name) => {
        looks += 1;
        return Reflect.get(target, name);
      },
    });
    const { text, bytes } = boundedJson({ text: 'é'.repeat(1024 * 1024), items }, 4096);
    assert.equal(text.length, 4096);
    assert.ok(bytes > 1024 * 1024);
    assert.ok(looks < 20_000, `looked ${looks} times`);
  });

  it('survives any depth', () => {
    let deep: JsonValue = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    assert.equal(boundedJson(deep, 4096).complete, false);
  });
});
