import { strict as assert } from 'node:assert';
import { parseTemplate } from '../../../src/server/template/parseTemplate.ts';
import { plainTemplate } from './plainTemplate.ts';

const same = (a: string, b: string) =>
  assert.deepEqual(plainTemplate(parseTemplate(a)), plainTemplate(parseTemplate(b)));

describe('Template grammar', () => {
  const spellings: [string, string][] = [
    ['@param:x', '@param.x'],
    ['@config:k', '@config.k'],
    ['@tool(server.tool)', '@tool.server.tool'],
    ['@tool(server.tool)', '@tool.server.tool()'],
    ['@tool(server.tool, a=1, b="x")', "@tool.server.tool(a = 1, b='x')"],
    ['@tool(server.tool, a: int = 1)', '@tool.server.tool(a: int=1,)'],
    [
      '@tool( server.tool , {"a": 1, "b": [true, null]} )',
      '@tool.server.tool(a=1, b=[True, None])',
    ],
    ['@tool.server.tool({"a": 1})', "@tool.server.tool({'a': 1,})"],
    ['@tool.server.tool({a: 1})', '@tool.server.tool("a"=1)'],
    ['@resource(server.file:///a/b.txt)', '@resource.server.file:///a/b.txt'],
    ['@prompt(server.name, x="y")', '@prompt.server.name(x="y")'],
    ['@prompt(base_greeting)', '@prompt.base_greeting'],
    ['@tool.a.b(x=@param.y)', '@tool.a.b(x="@param:y")'],
    ['@tool.a.b(x=@tool.c.d())', '@tool.a.b(x="@tool(c.d)")'],
    ['@tool.a.b(x="a@@b")', '@tool.a.b(x="a@b")'],
    ['{{{x}}}', '{{ x }}'],
    ['{{& x}}', '{{x}}'],
  ];
  for (const [a, b] of spellings) it(`${a} is ${b}`, () => same(a, b));

  const texts = [
    'me@config.com, x@param.y',
    '@tool("x")',
    "@tool('x')",
    '@tool()',
    '@tool(name="x")',
    '@tool(\n  name="x",\n)',
    '@resource("config://settings")',
    '@resource(uri="x")',
    '@resource()',
    '@prompt("x") @prompt() @prompt(title="x")',
    '@app.tool() @mcp.prompt @tools.x @Tool.x',
    '@tool @tool. @tool: @tool:x @param @param. @config(x)',
    '@ @! a @ b',
    '{ { x } } }} { %',
    '{"a": {"b": [1]}}',
  ];
  for (const text of texts) {
    it(`${JSON.stringify(text)} is text`, () =>
      assert.deepEqual(plainTemplate(parseTemplate(text)), [{ kind: 'text', text }]));
  }

  const ends: [string, string][] = [
    ['@param.x.y', '@param.x'],
    ['@param.x, and', '@param.x'],
    ['@param.x)', '@param.x'],
    ['@tool.a.b.', '@tool.a.b'],
    ['@tool.a.b...', '@tool.a.b'],
    ['@tool.a.b-', '@tool.a.b'],
    ['@tool.a.b (see below)', '@tool.a.b'],
    ['@tool.a.b-c_d.e, f', '@tool.a.b-c_d.e'],
    ['@tool(a.b, x="par(en)") c)', '@tool(a.b, x="par(en)")'],
    ['@tool(My Server.the tool, x=1) y', '@tool(My Server.the tool, x=1)'],
    ['@resource.s.cfg://settings. Next', '@resource.s.cfg://settings'],
    ['(see @resource.s.file:///a.txt)', '@resource.s.file:///a.txt'],
    ['(see @resource.s.file:///a.txt).', '@resource.s.file:///a.txt'],
    ['[@resource.s.x://y]', '@resource.s.x://y'],
    ['"@resource.s.x://y"', '@resource.s.x://y'],
    ['@resource.s.x://y?!', '@resource.s.x://y'],
    ['@resource.s.x://a_(b)/c?d=e,f;g#h)', '@resource.s.x://a_(b)/c?d=e,f;g#h'],
    ['@resource(s.x://a b(c) d) e)', '@resource(s.x://a b(c) d)'],
    ['{{@resource.s.x}}', ''],
    ['<@resource.s.x>', '@resource.s.x'],
    ['@resource.s.x{{y}}', '@resource.s.x'],
  ];
  for (const [text, written] of ends) {
    it(`${text} refers by ${written || 'nothing'}`, () => {
      const found = parseTemplate(text).pieces.flatMap((piece) =>
        'written' in piece && piece.kind !== 'invalid' ? [piece.written] : [],
      );
      assert.deepEqual(found, written === '' ? [] : [written]);
    });
  }

  it('reads every kind of value', () => {
    const literal = String.raw`{"a": "x\n\"\u00e9\\d \d", b: 'it\'s', c: -1.5e3, d: [], 'e': {},}`;
    const [call] = plainTemplate(parseTemplate(`@tool(s.t, v=${literal})`)) as [
      { arguments: unknown },
    ];
    const value = { a: 'x\n"é\\d \\d', b: "it's", c: -1500, d: [], e: {} };
    assert.deepEqual(call.arguments, [{ name: 'v', value: { kind: 'constant', value } }]);
  });

  it('keeps members called __proto__ members', () => {
    const [call] = plainTemplate(parseTemplate('@tool(s.t, {"__proto__": {"__proto__": 1}})'));
    assert.match(JSON.stringify(call), /"name":"__proto__".*\{"__proto__":1\}/);
  });

  it('tells references apart that follow each other', () => {
    const kinds = parseTemplate('@param.a@config.b@tool(c.d)@param.e').pieces.map(
      ({ kind }) => kind,
    );
    assert.deepEqual(kinds, ['param', 'config', 'tool', 'param']);
  });
});

describe('Problems of a template', () => {
  /** The text with «» around the place of the one problem. */
  const problems: [string, RegExp][] = [
    ['a @tool.s.t(«"x"») b', /need names/],
    ['@tool(s.t, a=1, «2»)', /need names/],
    ['@tool(s.t, a=«b»)', /“b” in quotes/],
    ['@tool(s.t, a=1 «b»=2)', /Expected “,” or “\)”/],
    ['@tool(s.t, a=1, «a=2»)', /“a” is given twice/],
    ['@tool(s.t, a=[1 «2»])', /Expected “,” or “\]”/],
    ['@tool(s.t, a={"k" «1»})', /name: value/],
    ['@tool(s.t, a={«{»x}})', /Put \{\{ \}\} in quotes/],
    ['@tool(s.t, a: int«)»', /Expected “=”/],
    ['@tool(s.t, a:« int, b»=1)', /Expected a type/],
    ['@tool(s.t, a=«)»', /Expected a value/],
    ['@tool(s.t, a=@param.x«.»y)', /in quotes text may follow/],
    ['@tool(s.t, a=«@»p)', /reference such as @param/],
    ['x «@tool(s.t, a=1»', /never closed/],
    ['«@tool(s.t»', /never closed/],
    ['«@tool.s.t(a="x»', /never closed/],
    ['@resource(s.a«\n»b)', /never closed on this line/],
    ['a «{{»x', /never closed by \}\}/],
    ['{{#a}}x{{/a}} «{{#b}}»', /“b” is never closed/],
    ['{{#a}}{{#b}}«{{/a}}»{{/b}}', /“b” must be closed before “a”/],
    ['x«{{/a}}»', /No section “a” is open/],
    ['«{{> part}}»', /Partials are not supported/],
    ['«{{=<% %>=}}»', /delimiters/],
    ['«{{#if x}}»{{/if}}', /“if x” is no name/],
    ['«{{param}}»', /param\.name/],
    ['@tool(s.t, a="b \\n «{{x|y}}»")', /“x\|y” is no name/],
    ['@tool(s.t, a="\\u0041 @tool(s.u, b=«c»)")', /“c” in quotes/],
    ['@resource(s.x://«{{/y}}»)', /No section “y”/],
  ];
  for (const [marked, message] of problems) {
    it(`${JSON.stringify(marked)}: ${message.source}`, () => {
      const text = marked.replace(/[«»]/g, '');
      const [problem] = parseTemplate(text).problems;
      assert(problem, 'there is a problem');
      assert.match(problem.message, message);
      const { start, end } = problem;
      const shown = `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`;
      assert.equal(shown, marked);
      assert.equal(problem.severity, 'error');
    });
  }

  it('are told of what is outermost, and not of what follows from them', () => {
    assert.equal(
      parseTemplate('@tool(s.t, b="{{/z}}", c="{{", 1) {{#if x}}{{/if}}').problems.length,
      2,
    );
  });

  it('are limits of size', () => {
    const first = (text: string) => parseTemplate(text).problems[0]?.message ?? '';
    assert.match(first(`@${'x'.repeat(1_000_000)}`), /1000000 characters/);
    assert.match(first('@param.x '.repeat(10_001)), /10000 references/);
    assert.match(first('{{x}}'.repeat(10_001)), /10000 references/);
    assert.match(first('@tool(x, a='.repeat(50)), /deeper than 32/);
    assert.match(first(`@tool(x, a=${'['.repeat(50)}`), /deeper than 32/);
    assert.match(first('@resource(a.'.repeat(50) + ')'.repeat(50)), /deeper than 32/);
    assert.match(first('{{#a}}'.repeat(100)), /deeper than 64/);
    assert.equal(first('x'.repeat(2_000_000)), '');
  });
});
