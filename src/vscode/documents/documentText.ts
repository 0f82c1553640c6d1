import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { CustomPrompt, CustomTool } from '../../contract/customItems.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { parsePromptText } from './promptText.ts';

/** A document cannot be read as what it is. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';

  constructor(
    message: string,
    /** Where, in UTF-16 units from the beginning. */
    readonly offset: number,
  ) {
    super(message);
  }
}

/** What of a tool is its document: the code, the text, or the whole definition as JSON. */
export function toolText(tool: CustomTool): string {
  switch (tool.tool_type) {
    case 'python':
      return tool.code;
    case 'prompt':
      return tool.text;
    case 'http':
    case 'composite': {
      // Name and kind stand in the document's path.
      const { name: _, tool_type: __, ...definition } = tool;
      return `${JSON.stringify(definition, undefined, 2)}\n`;
    }
  }
}

/**
 * The tool with another document; what the document does not hold stays. The server checks the rest.
 * @throws DocumentError for what is no JSON object
 */
export function withToolText(tool: CustomTool, text: string): CustomTool {
  switch (tool.tool_type) {
    case 'python':
      return { ...tool, code: text };
    case 'prompt':
      return { ...tool, text };
    case 'http':
    case 'composite': {
      const { name, tool_type } = tool;
      return { ...parseDefinition(text), name, tool_type } as unknown as CustomTool;
    }
  }
}

/** The same for prompts. */
export function withPromptText(prompt: CustomPrompt, document: string): CustomPrompt {
  const { text: _, messages: __, ...rest } = prompt;
  const { text, messages } = parsePromptText(document);
  if (!messages) return { ...rest, text };
  return { ...rest, messages: messages.map(({ role, text: own }) => ({ role, text: own })) };
}

/** @throws DocumentError */
export function parseDefinition(text: string): JsonObject {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first) {
    const words = printParseErrorCode(first.error).replace(/(?<=[a-z])[A-Z]/g, (c) => ` ${c}`);
    throw new DocumentError(`No JSON: ${words.toLowerCase()}`, first.offset);
  }
  if (!isJsonObject(value)) throw new DocumentError('The definition must be a JSON object', 0);
  return value;
}
