import assert from 'node:assert/strict';
import { compositeToolSchema } from '../../../src/contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/contract/json.ts';
import { RenderTrail } from '../../../src/server/template/renderTrail.ts';
import { renderValue } from '../../../src/server/template/renderValue.ts';
import { checkComposite } from '../../../src/server/tools/composite/checkComposite.ts';
import { runComposite } from '../../../src/server/tools/composite/runComposite.ts';
import type { ToolContext } from '../../../src/server/tools/toolRun.ts';

type Call = (args: JsonObject, signal: AbortSignal | undefined) => Promise<JsonObject> | JsonObject;

function text(value: string): JsonObject {
  return { content: [{ type: 'text', text: value }] };
}

function composite(steps: object[], more: object = {}) {
  return compositeToolSchema.parse({ tool_type: 'composite', name: 'all', steps, ...more });
}

/** Runs a composite tool over scripted tools; templates are rendered by the real renderer. */
async function run(
  steps: object[],
  tools: Record<string, Call>,
  { args = {}, ...more }: { args?: JsonObject; output?: string; signal?: AbortSignal } = {},
) {
  const progress: string[] = [];
  const signal = more.signal ?? new AbortController().signal;
  const scope = (context: JsonObject = {}) => ({
    param: (name: string) => args[name],
    config: () => undefined,
    isOptional: () => false,
    trail: RenderTrail.start,
    context,
    signal,
  });
  const context: ToolContext = {
    vmcpId: 'vmcp_1',
    arguments: args,
    config: () => ({}),
    caller: {
      party: { id: 'test', capabilities: {}, roots: async () => [] },
      notify: () => undefined,
      canAnswer: () => false,
      ask: () => Promise.reject(new Error('nobody to ask')),
    },
    signal,
    render: (value: JsonValue, extra) => renderValue(value, scope(extra)),
    renderContent: () => Promise.reject(new Error('not needed')),
    callTool: async (name, toolArgs, stop) => {
      const tool = tools[name];
      if (!tool) throw new Error(`no tool ${name}`);
      return tool(toolArgs, stop);
    },
    progress: (done, total) => progress.push(`${done}/${total}`),
  };
  const { result } = await runComposite(composite(steps, more), context);
  const [first] = Array.isArray(result.content) ? result.content : [];
  const said = isJsonObject(first) ? first.text : undefined;
  return { result, said, progress };
}

const echo: Call = (args) => text(JSON.stringify(args));

describe('composite tools', () => {
  it('give what the last step gave, as it was', async () => {
    const image = { content: [{ type: 'image', data: 'AA==', mimeType: 'image/png' }] };
    const { result } = await run(
      [
        { id: 'a', tool: 'echo' },
        { id: 'b', tool: 'image' },
      ],
      { echo, image: () => image },
    );
    assert.deepEqual(result, image);
  });

  it('hand results on with their types: structured content, JSON, text', async () => {
    const { said } = await run(
      [
        { id: 'structured', tool: 'structured' },
        { id: 'json', tool: 'json' },
        { id: 'plain', tool: 'plain' },
        {
          id: 'last',
          tool: 'echo',
          arguments: {
            n: '{{steps.structured.n}}',
            list: '{{steps.json}}',
            second: '{{steps.json.1}}',
            whole: '{{steps.structured}}',
            text: 'is {{steps.plain}} and {{steps.structured.n}}',
            param: '@param.x',
            none: '{{steps.plain.nothing}}',
          },
        },
      ],
      {
        echo,
        structured: () => ({ ...text('ignored'), structuredContent: { n: 3 } }),
        json: () => text('[1, {"a": 2}]'),
        plain: () => text('{not json'),
      },
      { args: { x: true } },
    );
    assert.deepEqual(JSON.parse(String(said)), {
      ...{ n: 3, list: [1, { a: 2 }], second: { a: 2 }, whole: { n: 3 } },
      ...{ text: 'is {not json and 3', param: true, none: null },
    });
  });

  it('run steps side by side unless one needs the other, and tell each that is done', async () => {
    const begun: string[] = [];
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const wait = (name: string): Call => {
      return async () => {
        begun.push(name);
        if (begun.length === 2) release();
        await both;
        return text(name);
      };
    };
    const { said, progress } = await run(
      [
        { id: 'last', tool: 'echo', arguments: { got: '{{steps.a}}{{steps.b}}' } },
        { id: 'a', tool: 'a' },
        { id: 'b', tool: 'b' },
      ],
      { a: wait('a'), b: wait('b'), echo },
      { output: '{{steps.last}}' },
    );
    assert.deepEqual(begun.toSorted(), ['a', 'b']);
    assert.equal(said, '{"got":"ab"}');
    assert.deepEqual(progress, ['1/3', '2/3', '3/3']);
  });

  it('leave out steps whose condition does not hold', async () => {
    const conditions = ['', 'false', '{{no}}', '{{zero}}', '{{list}}', 'yes', '@param.yes'];
    const { said } = await run(
      conditions.map((condition, n) => ({ id: `s${n}`, tool: 'ok', if: condition })),
      { ok: () => text('ran') },
      {
        args: { no: false, zero: 0, list: [1], yes: true },
        output: conditions.map((_, n) => `{{steps.s${n}}}`).join(','),
      },
    );
    assert.equal(said, ',,,,ran,ran,ran');
  });

  it('run a step once for each item, a few at a time', async () => {
    let running = 0;
    let most = 0;
    const slow: Call = async ({ item, index }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return text(`${index}${item}`);
    };
    const items = Array.from({ length: 20 }, (_, n) => n * n);
    const step = {
      ...{ id: 'each', tool: 'slow', for_each: '@param.items' },
      arguments: { item: '{{item}}', index: '{{index}}' },
    };
    const { result } = await run([step], { slow }, { args: { items } });
    assert.deepEqual(result.structuredContent, { items: items.map((item, n) => `${n}${item}`) });
    assert.equal(most, 5);
  });

  it('bound how many items there may be, and want a list', async () => {
    const step = { id: 'each', tool: 'echo', for_each: '@param.items', max_items: 2 };
    const tooMany = await run([step], { echo }, { args: { items: [1, 2, 3] } });
    assert.match(String(tooMany.said), /3 items, more than max_items 2/);
    const noList = await run([step], { echo }, { args: { items: 'x' } });
    assert.match(String(noList.said), /gave no list/);
    assert.equal(noList.result.isError, true);
  });

  it('stop at a step that fails, and end the others', async () => {
    let ended = false;
    const { said, result } = await run(
      [
        { id: 'bad', tool: 'bad' },
        { id: 'slow', tool: 'slow' },
      ],
      {
        bad: () => ({ ...text('no luck'), isError: true }),
        slow: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              ended = true;
              reject(signal.reason);
            });
          }),
      },
    );
    assert.equal(said, 'Step "bad" (bad) failed: no luck');
    assert.equal(result.isError, true);
    assert.ok(ended);
  });

  it('go on where a step may fail, with null or what stands in for it', async () => {
    const failing = { tool: 'missing' };
    const { said } = await run(
      [
        { id: 'a', ...failing, on_error: 'continue' },
        { id: 'b', ...failing, on_error: 'fallback', fallback: { from: '@param.x' } },
        { id: 'c', ...failing, on_error: 'continue', for_each: '[1,2]' },
      ],
      {},
      { args: { x: 5 }, output: '[{{steps.a}}] {{steps.b.from}} {{steps.c}}' },
    );
    assert.equal(said, '[] 5 [null,null]');
  });

  it('end with their caller', async () => {
    const controller = new AbortController();
    const running = run(
      [{ id: 'a', tool: 'never' }],
      {
        never: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason));
            controller.abort(new Error('given up'));
          }),
      },
      { signal: controller.signal },
    );
    await assert.rejects(running, /given up/);
  });
});

describe('checking a composite tool', () => {
  it('finds nothing in one that is well', () => {
    const steps = [
      { id: 'a', tool: 'x', arguments: { deep: [{ b: '{{steps.b.c}}' }] } },
      { id: 'b', tool: 'x' },
    ];
    assert.deepEqual(checkComposite(composite(steps, { output: 'steps.nothing {{steps.a}}' })), []);
  });

  it('finds circles over several steps', () => {
    const steps = [
      { id: 'a', tool: 'x', arguments: { v: '{{#steps.c}}x{{/steps.c}}' } },
      { id: 'b', tool: 'x', if: '{{ steps.a }}' },
      { id: 'c', tool: 'x', for_each: '@tool(y, z="{{steps.b}}")' },
    ];
    assert.deepEqual(checkComposite(composite(steps)), [
      { path: 'steps', message: 'steps wait for each other: a → c → b → a' },
    ]);
  });

  it('finds malformed templates in every place', () => {
    const steps = [{ id: 'a', tool: 'x', if: '{{#y}}', arguments: { list: ['ok', '{{#y}}'] } }];
    const found = checkComposite(composite(steps, { output: '{{/y}}' })).map(({ path }) => path);
    assert.deepEqual(found, ['steps.0.if', 'steps.0.arguments.list.1', 'output']);
  });
});
