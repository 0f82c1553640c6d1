import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import { type Asked, questionLimits } from '../../contract/questions.ts';
import { plainLine, plainText } from './plainText.ts';
import { readForm } from './readForm.ts';

const maxMessages = 200;
/** Of all messages together; a model would hardly take more. */
const maxPromptLength = 400_000;
const maxHints = 10;

/**
 * A server's `elicitation/create` or `sampling/createMessage` as a window can show it.
 * @throws RpcError −32602 where it cannot, with the reason
 */
export function readQuestion(method: string, params: JsonObject = {}): Asked {
  if (method === 'sampling/createMessage') return readSampling(params);
  return params.mode === 'url' ? readUrl(params) : readForm(params);
}

/** Only addresses that a browser shows: others would start programs. */
function readUrl({ url, message }: JsonObject): Asked {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  const isWeb = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
  if (!parsed || !isWeb || parsed.href.length > questionLimits.address) {
    throw invalid('url', 'is no http(s) address that can be shown whole');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalid('url', 'holds a user name, which hides where it leads');
  }
  return { kind: 'url', message: plainText(message, questionLimits.message), url: parsed.href };
}

function readSampling(params: JsonObject): Asked {
  const { messages, systemPrompt, maxTokens } = params;
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > maxMessages) {
    throw invalid('messages', `must be 1 to ${maxMessages}`);
  }
  const read = messages.map((message, index) => readMessage(message, `messages[${index}]`));
  const system = typeof systemPrompt === 'string' ? systemPrompt : '';
  const length = read.reduce((sum, { text }) => sum + text.length, system.length);
  if (length > maxPromptLength) throw invalid('messages', 'are too long');
  return {
    kind: 'sampling',
    consented: false,
    ...(system !== '' && { system }),
    messages: read,
    max_tokens: typeof maxTokens === 'number' && maxTokens > 0 ? Math.ceil(maxTokens) : 1024,
    hints: hintsOf(params.modelPreferences),
  };
}

function readMessage(message: JsonValue, place: string) {
  const { role, content } = isJsonObject(message) ? message : {};
  if (role !== 'user' && role !== 'assistant') throw invalid(`${place}.role`, 'is unknown');
  const blocks = Array.isArray(content) ? content : [content];
  const texts = blocks.map((block) => {
    if (isJsonObject(block) && block.type === 'text' && typeof block.text === 'string') {
      return block.text;
    }
    throw invalid(`${place}.content`, 'is no text');
  });
  return { role, text: texts.join('\n') } as const;
}

function hintsOf(preferences: JsonValue | undefined): string[] {
  const hints = isJsonObject(preferences) ? preferences.hints : undefined;
  if (!Array.isArray(hints)) return [];
  return hints
    .slice(0, maxHints)
    .map((hint) => plainLine(isJsonObject(hint) ? hint.name : undefined, questionLimits.label))
    .filter((name) => name !== '');
}

function invalid(place: string, what: string): RpcError {
  return new RpcError(rpcCodes.invalidParams, `VS Code cannot ask this: ${place} ${what}`);
}
