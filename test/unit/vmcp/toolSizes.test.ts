import { strict as assert } from 'node:assert';
import { estimateTokens } from '../../../src/server/vmcp/compile/estimateTokens.ts';
import { sumOf, ToolSizes } from '../../../src/server/vmcp/compile/toolSizes.ts';

describe('estimateTokens', () => {
  /** A definition as a server sends it, and what `o200k_base` makes of it. */
  const measured: [string, number][] = [
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['https://api.example.com/v2/users/{id}/repos?per_page=100&sort=updated', 21],
    ['获取指定城市的天气预报并返回结构化的结果', 13],
    ['Получает прогноз погоды для указанного города и возвращает результат', 13],
    [
      JSON.stringify({
        name: 'get_weather',
        description: 'Returns the forecast of a city.',
        inputSchema: {
          type: 'object',
          properties: { city: { type: 'string', description: 'Name of the city' } },
          required: ['city'],
        },
      }),
      43,
    ],
  ];

  it('is near what tokenizers count', () => {
    for (const [text, tokens] of measured) {
      const estimate = estimateTokens(text);
      assert.ok(estimate >= tokens * 0.9 && estimate <= tokens * 1.7, `${estimate}: ${text}`);
    }
  });

  it('is nothing for nothing, and takes whatever stands in a text', () => {
    assert.equal(estimateTokens(''), 0);
    assert.equal(estimateTokens(' \n\t'), 0);
    assert.ok(estimateTokens('\u0000\ud83d\ude00\ud800') > 0);
  });

  it('takes milliseconds for the tools of fifty servers', () => {
    const text = JSON.stringify({ description: 'What a tool of a server says of itself. ' }).repeat(
      20_000,
    );
    const start = performance.now();
    estimateTokens(text);
    assert.ok(performance.now() - start < 500);
  });
});

describe('ToolSizes', () => {
  const tool = {
    name: 'read',
    title: 'Not told to models',
    description: 'Reads a file.',
    inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
    outputSchema: { type: 'object', properties: { text: { type: 'string' } } },
    annotations: { readOnlyHint: true },
  };

  it('counts what models see: name, description and input schema', () => {
    const sizes = new ToolSizes();
    const { name, description, inputSchema } = tool;
    assert.equal(sizes.ofTool(tool), sizes.ofTool({ name, description, inputSchema }));
    assert.ok(
      sizes.ofTool({ ...tool, description: 'Reads a file and tells more.' }) > sizes.ofTool(tool),
    );
  });

  it('takes tools without schema or description', () => {
    assert.ok(new ToolSizes().ofTool({ name: 'bare' }) > 0);
  });

  it('weighs a list once', () => {
    const sizes = new ToolSizes();
    const tools = [tool, { name: 'bare' }];
    assert.equal(sizes.ofTools(tools), sizes.ofTools(tools));
    assert.equal(sumOf(sizes.ofTools(tools)), sizes.ofTool(tool) + sizes.ofTool({ name: 'bare' }));
  });
});
