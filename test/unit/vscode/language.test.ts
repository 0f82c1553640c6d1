import { strict as assert } from 'node:assert';
import { jsonStrings } from '../../../src/vscode/language/jsonStrings.ts';
import { problemPlace } from '../../../src/vscode/language/problemPlace.ts';
import { findItem, parametersOf } from '../../../src/vscode/language/templateCatalog.ts';
import { templateCursor } from '../../../src/vscode/language/templateCursor.ts';

describe('what is typed before the cursor', () => {
  for (const [before, cursor] of [
    ['Hello @', { wants: 'kind', typed: '' }],
    ['Hello @to', { wants: 'kind', typed: 'to' }],
    ['me@config', undefined],
    ['@@', undefined],
    ['@param.na', { wants: 'param', length: 2 }],
    ['@config:', { wants: 'config', length: 0 }],
    ['{{#lis', { wants: 'variable', length: 3 }],
    ['@tool.every.ec', { wants: 'tool', length: 8, form: 'dot' }],
    ['@tool(every.', { wants: 'tool', length: 6, form: 'parenthesis' }],
    ['@tool.a.b(', { wants: 'argument', kind: 'tool', item: 'a.b', given: [], length: 0 }],
    [
      '@prompt(a.b, x="1, 2", y',
      { wants: 'argument', kind: 'prompt', item: 'a.b', given: ['x'], length: 1 },
    ],
    ['@tool.a.b(x="open', undefined],
    ['@tool.a.b(x=1) and', undefined],
  ] as const) {
    it(`is understood: ${before}`, () => assert.deepEqual(templateCursor(before), cursor));
  }
});

describe('places in definitions', () => {
  it('are found behind escapes', () => {
    const text = '{"a": "x\\n\\u0041 @param.y", "b": ["@config.z"]}';
    const [first, second] = jsonStrings(text);
    assert.equal(first?.value, 'x\nA @param.y');
    assert.equal(text.slice(first.offsetOf(4), first.offsetOf(12)), '@param.y');
    assert.equal(second?.value, '@config.z');
    assert.equal(text[second.offsetOf(0)], '@');
  });

  it('are those of lines and columns in code, of members in JSON', () => {
    const code = 'a = 1\nb = (\n';
    const said = { path: 'code', message: 'line 2, column 5: never closed' };
    assert.deepEqual(problemPlace(code, said, false), {
      ...{ start: 10, end: 11, message: 'never closed' },
    });
    const json = '{"steps": [{"id": "a"}]}';
    const { start, end } = problemPlace(json, { path: 'steps.0.id', message: 'taken' }, true);
    assert.equal(json.slice(start, end), '"a"');
    const missing = problemPlace(json, { path: 'steps.0.tool', message: 'missing' }, true);
    assert.equal(json.slice(missing.start, missing.end), '{"id": "a"}');
  });
});

describe('names in templates', () => {
  const tool = {
    name: 'every.echo',
    inputSchema: { properties: { message: { type: 'string' } }, required: ['message'] },
  };
  const names = { tools: [tool], prompts: [], resources: [], config: [] };

  it('are found in full, or alone where they are unique', () => {
    assert.equal(findItem(names, 'tool', 'every.echo'), tool);
    assert.equal(findItem(names, 'tool', 'echo'), tool);
    const twice = { ...names, tools: [tool, { ...tool, name: 'other.echo' }] };
    assert.equal(findItem(twice, 'tool', 'echo'), undefined);
  });

  it('tell what they take', () => {
    assert.deepEqual(parametersOf(tool), [
      { name: 'message', type: 'string', description: '', required: true },
    ]);
  });
});
