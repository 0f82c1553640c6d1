import { strict as assert } from 'node:assert';
import { type KnownNames, previewTemplate } from '../../../src/server/template/previewTemplate.ts';

const known: KnownNames = {
  param: (name) => name === 'x' || name === 'rows',
  config: (name) => name === 'key',
  item: (kind, name) => (name.startsWith('s.') ? undefined : `Unknown ${kind} “${name}”`),
};

describe('Preview of a template', () => {
  it('lists references with their arguments and places, inner ones too', () => {
    const text =
      'Hi\n@tool.s.t(a: int = @param.x, b=["@config:key", 1]) {{#rows}}{{name}}{{/rows}}';
    const { references, problems } = previewTemplate(text, known);
    assert.deepEqual(
      references.map(({ kind, name, arguments: args, start, end, line, column }) => [
        ...[kind, name, JSON.stringify(args)],
        ...[text.slice(start, end), `${line}:${column}`],
      ]),
      [
        [
          ...['tool', 's.t', '{"a":"@param.x","b":"[@config.key, 1]"}'],
          ...['@tool.s.t(a: int = @param.x, b=["@config:key", 1])', '2:1'],
        ],
        ['param', 'x', '{}', '@param.x', '2:20'],
        ['config', 'key', '{}', '@config:key', '2:34'],
        ['section', 'rows', '{}', '{{#rows}}', '2:52'],
        ['variable', 'name', '{}', '{{name}}', '2:61'],
      ],
    );
    assert.deepEqual(problems, []);
  });

  it('tells what is wrong with line and column, in order', () => {
    const text = '{% if x %}\n@param.y @tool(q.t) @config.no {{z}} {{config.no}}\n@tool(s.t, 1)';
    const { problems } = previewTemplate(text, known);
    assert.deepEqual(
      problems.map(({ message, severity, line, column }) => [
        `${line}:${column}`,
        severity,
        message.slice(0, 26),
      ]),
      [
        ['1:1', 'warning', '{% %} is Jinja and stays a'],
        ['2:1', 'warning', 'Unknown parameter “y”'],
        ['2:10', 'warning', 'Unknown tool “q.t”'],
        ['2:21', 'warning', 'Unknown configuration key '],
        ['2:32', 'warning', 'Unknown parameter “z”'],
        ['2:38', 'warning', 'Unknown configuration key '],
        ['3:12', 'error', 'Arguments need names: writ'],
      ],
    );
  });

  it('does not judge names that are known when it is rendered only', () => {
    const text = '@resource(q.x://@param.x) {{#rows}}{{anything}} {{.}}{{/rows}} {{rows.0}}';
    assert.deepEqual(previewTemplate(text, known).problems, []);
  });

  it('needs no names to find what is malformed', () => {
    assert.deepEqual(previewTemplate('@param.anything @tool(any.thing)').problems, []);
    assert.equal(previewTemplate('{{x').problems.length, 1);
  });
});
