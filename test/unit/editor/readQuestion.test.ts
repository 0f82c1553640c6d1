import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/contract/json.ts';
import { RpcError } from '../../../src/contract/jsonRpc.ts';
import { askedSchema } from '../../../src/contract/questions.ts';
import { plainLine, plainText } from '../../../src/server/editor/plainText.ts';
import { readQuestion } from '../../../src/server/editor/readQuestion.ts';

/** The fields of a form with these properties. */
function fieldsOf(properties: JsonObject, required: string[] = []) {
  const requestedSchema = { type: 'object', properties, required };
  const asked = readQuestion('elicitation/create', { message: 'm', requestedSchema });
  assert(asked.kind === 'form');
  return asked.fields;
}

describe('what a server asks', () => {
  it('is read from every form of schema that the protocol has', () => {
    const titled = [
      { const: 'a', title: 'A' },
      { const: 'b', title: 'B' },
    ];
    const choices = { type: 'choice', description: '', required: false };
    const options = [
      { value: 'a', title: 'A' },
      { value: 'b', title: 'B' },
    ];
    const plain = options.map(({ value }) => ({ value, title: value }));
    assert.deepEqual(
      fieldsOf(
        {
          text: {
            type: 'string',
            format: 'email',
            minLength: 1,
            maxLength: 9,
            pattern: '^a',
            default: 'x',
          },
          whole: { type: 'integer', minimum: 0, maximum: 5, default: 0 },
          part: { type: 'number', title: 'Part', description: 'Of all' },
          yes: { type: 'boolean', default: false },
          one: { type: 'string', enum: ['a', 'b'], default: 'b' },
          named: { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'B'] },
          titled: { type: 'string', oneOf: titled, default: 'unknown' },
          some: {
            type: 'array',
            items: { type: 'string', enum: ['a', 'b'] },
            minItems: 1,
            maxItems: 2,
          },
          several: { type: 'array', items: { anyOf: titled }, default: ['b', 'z'] },
        },
        ['text'],
      ),
      [
        {
          ...{ name: 'text', title: 'text', description: '', required: true, type: 'text' },
          format: 'email',
          pattern: '^a',
          min_length: 1,
          max_length: 9,
          default: 'x',
        },
        {
          ...{ name: 'whole', title: 'whole', description: '', required: false, type: 'number' },
          integer: true,
          minimum: 0,
          maximum: 5,
          default: 0,
        },
        {
          ...{
            name: 'part',
            title: 'Part',
            description: 'Of all',
            required: false,
            type: 'number',
          },
          integer: false,
        },
        {
          ...{ name: 'yes', title: 'yes', description: '', required: false, type: 'boolean' },
          default: false,
        },
        { name: 'one', title: 'one', ...choices, options: plain, many: false, default: ['b'] },
        { name: 'named', title: 'named', ...choices, options, many: false },
        { name: 'titled', title: 'titled', ...choices, options, many: false },
        {
          name: 'some',
          title: 'some',
          ...choices,
          options: plain,
          many: true,
          min_items: 1,
          max_items: 2,
        },
        { name: 'several', title: 'several', ...choices, options, many: true, default: ['b'] },
      ],
    );
  });

  it('is something that can be shown, or an error that says what cannot be, whatever was sent', () => {
    const methods = fc.constantFrom('elicitation/create', 'sampling/createMessage');
    const property = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object', 7),
          title: fc.jsonValue(),
          enum: fc.jsonValue(),
          items: fc.jsonValue(),
          default: fc.jsonValue(),
          minLength: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    const params = fc.record(
      {
        mode: fc.constantFrom('form', 'url', 3),
        url: fc.oneof(fc.webUrl(), fc.jsonValue()),
        message: fc.jsonValue(),
        requestedSchema: fc.oneof(
          fc.jsonValue(),
          fc.record({ properties: fc.dictionary(fc.string(), property), required: fc.jsonValue() }),
        ),
        messages: fc.jsonValue(),
        systemPrompt: fc.jsonValue(),
        maxTokens: fc.jsonValue(),
        modelPreferences: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(methods, params, (method, sent) => {
        try {
          askedSchema.parse(readQuestion(method, sent as JsonObject));
        } catch (error) {
          assert(error instanceof RpcError, String(error));
          assert.match(error.message, /^VS Code cannot ask this: /);
        }
      }),
    );
  });

  it('is shown as text that hides nothing and is not too long', () => {
    assert.equal(plainText(' a\r\nb\tc\u200B\u202E\u0007 ', 100), 'a\nb c');
    assert.equal(plainLine('a\n \n b', 100), 'a b');
    assert.equal(plainText('🙂'.repeat(5), 3), '🙂🙂…');
    assert.equal(plainText({ toString: () => 'x' }, 5), '');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, limit) => {
        const shown = plainLine(text, limit + 1);
        assert([...shown].length <= limit + 1);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u);
      }),
    );
  });
});
