import type { Response } from 'node-fetch';
import type { HttpTool } from '../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import type { ToolContext } from '../toolRun.ts';
import type { AnswerContent } from './answerContent.ts';
import { valueAt } from './jsonPointer.ts';
import { statusLine } from './readAnswer.ts';
import { textOf } from './templateBatch.ts';

/** Characters of a failed request's answer that the result holds. */
const maxErrorText = 20_000;

/** What a successful answer is as a CallToolResult. @throws what `context.render` throws */
export async function answerResult(
  tool: HttpTool,
  response: Response,
  content: AnswerContent,
  context: Pick<ToolContext, 'render'>,
): Promise<JsonObject> {
  const { response_pointer: pointer, response_template: template } = tool.api_config;
  if (content.kind === 'binary') return { content: [binaryItem(tool.name, response, content)] };
  let value = content.kind === 'json' ? content.value : textValue(content);
  if (pointer !== undefined) {
    const part = content.kind === 'json' ? valueAt(content.value, pointer) : undefined;
    if (part === undefined) return failure(`The answer has nothing at "${pointer}"`, content);
    value = part;
  }
  if (template !== undefined) {
    return textResult(textOf(await context.render(template, contextOf(value))));
  }
  if (content.kind === 'empty') return textResult(`HTTP ${statusLine(response)}, without content`);
  if (content.kind === 'text') return textResult(content.text);
  const text = pointer === undefined ? content.text : textOf(value);
  return { ...textResult(text), structuredContent: contextOf(value) };
}

/** What a refusal (status 400 and above) is as a CallToolResult. */
export function refusalResult(
  response: Response,
  content: AnswerContent,
  redirectedTo: string | undefined,
): JsonObject {
  const isDenied = response.status === 401 || response.status === 403;
  const hint =
    isDenied && redirectedTo !== undefined
      ? ` (after a redirect to ${redirectedTo}, where credentials are not sent)`
      : '';
  return failure(`HTTP ${statusLine(response)}${hint}`, content);
}

export function errorResult(text: string): JsonObject {
  return { ...textResult(text), isError: true };
}

function failure(reason: string, content: AnswerContent): JsonObject {
  switch (content.kind) {
    case 'empty':
      return errorResult(reason);
    case 'binary':
      return errorResult(`${reason}\n(${content.bytes.length} bytes of ${content.mediaType})`);
    default: {
      const { text } = content;
      const shown = text.length > maxErrorText ? `${text.slice(0, maxErrorText)}… (cut)` : text;
      return errorResult(`${reason}\n${shown}`);
    }
  }
}

function textResult(text: string): JsonObject {
  return { content: [{ type: 'text', text }] };
}

function textValue(content: AnswerContent): JsonValue {
  return content.kind === 'text' ? content.text : null;
}

/** `structuredContent` and the context of a template are objects. */
function contextOf(value: JsonValue): JsonObject {
  return isJsonObject(value) ? value : { result: value };
}

function binaryItem(
  toolName: string,
  response: Response,
  { mediaType, bytes }: Extract<AnswerContent, { kind: 'binary' }>,
): JsonObject {
  const data = bytes.toString('base64');
  const [, kind] = /^(image|audio)\//.exec(mediaType) ?? [];
  if (kind !== undefined) return { type: kind, data, mimeType: mediaType };
  // A URI of its own: the address of the answer may hold arguments and secrets.
  const uri = `http-tool://${toolName}/${encodeURIComponent(fileNameOf(response))}`;
  return { type: 'resource', resource: { uri, mimeType: mediaType, blob: data } };
}

/** The file name that the server proposes (RFC 6266). */
function fileNameOf({ headers }: Response): string {
  const proposed = /;\s*filename\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(
    headers.get('content-disposition') ?? '',
  );
  const name = proposed?.[1] ?? proposed?.[2] ?? '';
  return Buffer.from(name, 'latin1').toString('utf8').slice(0, 200) || 'answer';
}
