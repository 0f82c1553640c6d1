import type { VmcpExport } from '../../contract/vmcps.ts';

const countWords = `from collections import Counter

def main(text: str, most_common: int = 3) -> dict:
    """Counts the words of a text."""
    words = text.lower().split()
    print(f"{len(words)} words")
    return {"words": len(words), "most_common": Counter(words).most_common(most_common)}
`;

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 6l9 5 9-5-9-5z"/><path d="M3 12l9 5 9-5M3 17l9 5 9-5" fill="none" stroke="currentColor"/></svg>\n';

/**
 * A tool of every kind, a prompt of several messages, and a resource that is a file.
 * @param url where the server answers
 */
export function demoItems(
  url: string,
): Pick<VmcpExport, 'active_config' | 'custom_tools' | 'custom_prompts' | 'custom_resources'> {
  const common = { keywords: [], enabled: true };
  const text = { name: 'text', type: 'str' as const, required: true };
  const who = { name: 'who', type: 'str' as const, required: true, description: 'Whom to greet' };
  return {
    active_config: { server_url: url, greeting: 'Hello' },
    custom_tools: [
      {
        ...common,
        tool_type: 'prompt',
        name: 'greet',
        description: 'Greets someone, with the word that the configuration says',
        variables: [who],
        text: '@config.greeting, @param.who!',
      },
      {
        ...common,
        tool_type: 'python',
        name: 'count_words',
        description: '',
        variables: [],
        code: countWords,
      },
      {
        ...common,
        tool_type: 'http',
        name: 'server_health',
        description: 'Asks this server how it is',
        variables: [],
        api_config: {
          ...{ method: 'GET', url: '@config.server_url/health', headers: {}, query_params: {} },
          ...{ body_type: 'json', auth: { type: 'none' }, timeout_s: 10 },
          max_response_bytes: 100_000,
        },
      },
      {
        ...common,
        tool_type: 'composite',
        name: 'greet_and_count',
        description: 'Greets someone and counts the words of that; two steps',
        variables: [who],
        steps: [
          {
            ...{ id: 'greeting', tool: 'vmcp.greet', arguments: { who: '@param.who' } },
            ...{ max_items: 1, on_error: 'stop' },
          },
          {
            ...{ id: 'count', tool: 'vmcp.count_words', arguments: { text: '{{steps.greeting}}' } },
            ...{ max_items: 1, on_error: 'stop' },
          },
        ],
        output: '{{steps.greeting}} ({{steps.count.words}} words)',
      },
    ],
    custom_prompts: [
      {
        name: 'improve_text',
        description: 'A conversation about a text; several messages',
        variables: [
          text,
          { name: 'tone', type: 'str', required: false, enum: ['friendly', 'formal', 'terse'] },
        ],
        messages: [
          { role: 'user', text: 'I wrote this:\n\n@param.text' },
          { role: 'assistant', text: 'I have read it. What shall I do with it?' },
          { role: 'user', text: 'Improve it{{#tone}}; the tone shall be {{tone}}{{/tone}}.' },
        ],
      },
    ],
    custom_resources: [
      {
        name: 'picture.svg',
        description: 'A picture',
        mime_type: 'image/svg+xml',
        content_base64: Buffer.from(picture).toString('base64'),
      },
    ],
  };
}
