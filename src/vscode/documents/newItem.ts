import type {
  CompositeTool,
  CustomPrompt,
  HttpTool,
  PromptTool,
  PythonTool,
} from '../../contract/customItems.ts';
import type { ItemList, ItemTypes } from '../../serverLink/customItems.ts';

export type Draft<List extends ItemList> = ItemTypes[List]['input'];

const base = { description: '', variables: [], keywords: [], enabled: true };

const code = `def main(text: str) -> str:
    """Says what the tool does, for the models that call it.

    Args:
        text: What to work on.
    """
    return text.upper()
`;

/** What a new item of each kind begins as: valid, and worth changing. */
export const newItem = {
  python: (name: string): PythonTool => ({ ...base, tool_type: 'python', name, code }),
  prompt: (name: string): PromptTool => ({
    ...base,
    tool_type: 'prompt',
    name,
    text: 'Summarize @param.text in three sentences.\n',
    variables: [{ name: 'text', type: 'str', required: true }],
  }),
  http: (name: string, url = 'https://example.com/items/{id}'): HttpTool => ({
    ...base,
    tool_type: 'http',
    name,
    variables: [...url.matchAll(/\{(\w+)\}/g)].map(([, variable = '']) => ({
      name: variable,
      type: 'str',
      required: true,
    })),
    api_config: {
      ...{ method: 'GET', url, headers: {}, query_params: {}, body_type: 'json' },
      ...{ auth: { type: 'none' }, timeout_s: 30, max_response_bytes: 10 * 1024 * 1024 },
    },
  }),
  composite: (name: string, tool = 'server.tool'): CompositeTool => ({
    ...base,
    tool_type: 'composite',
    name,
    steps: [{ id: 'first', tool, arguments: {}, max_items: 100, on_error: 'stop' }],
  }),
};

/** A prompt of the vMCP's own, which is no tool. */
export function newPrompt(name: string): CustomPrompt {
  const { tool_type: _, keywords: __, enabled: ___, ...prompt } = newItem.prompt(name);
  return prompt;
}
