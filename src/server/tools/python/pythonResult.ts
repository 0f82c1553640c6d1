import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { errorResult } from '../errorResult.ts';
import { ImproperReplyError } from './pythonErrors.ts';
import { type PythonReply, parseValue } from './pythonReply.ts';

/** Names the bytes of a result, which has no address of its own. */
const resultUri = 'python:result';

/**
 * What `main` returned as a CallToolResult: strings as text, bytes as image, sound or resource, all else
 * as JSON text with the value as structured content, which has to be an object (MCP 2025-11-25,
 * server/tools).
 * @throws ImproperReplyError where the reply is none
 */
export function callToolResult({ header, body }: PythonReply): JsonObject {
  switch (header.kind) {
    case 'none':
      return { content: [], ...(header.wrapped && { structuredContent: { result: null } }) };
    case 'text': {
      const text = body.toString('utf8');
      const structured = header.wrapped && { structuredContent: { result: text } };
      return { content: [{ type: 'text', text }], ...structured };
    }
    case 'json': {
      const value = parseValue(body);
      const content = [{ type: 'text', text: body.toString('utf8') }];
      return { content, structuredContent: structuredContent(value, header.wrapped) };
    }
    case 'bytes':
      return { content: [bytesContent(body, header.mediaType ?? 'application/octet-stream')] };
    case 'syntax': {
      const { line, column, message } = header;
      return errorResult(`Syntax error in line ${line}, column ${column}: ${message}`);
    }
    case 'error':
      return errorResult(header.message);
    case 'description':
      throw new ImproperReplyError();
  }
}

function structuredContent(value: JsonValue, wrapped: boolean): JsonObject {
  return !wrapped && isJsonObject(value) ? value : { result: value };
}

function bytesContent(bytes: Buffer, mimeType: string): JsonObject {
  const data = bytes.toString('base64');
  if (mimeType.startsWith('image/')) return { type: 'image', data, mimeType };
  if (mimeType.startsWith('audio/')) return { type: 'audio', data, mimeType };
  return { type: 'resource', resource: { uri: resultUri, mimeType, blob: data } };
}
