import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { ConfigTextError } from './draft.ts';

/** How a client writes its configuration. */
export type ConfigLanguage = 'json' | 'toml';

/**
 * Parses a configuration: JSON with comments and trailing commas, or TOML. An empty text is an empty object.
 * @throws ConfigTextError that names the line
 */
export function parseConfigText(text: string, language: ConfigLanguage): JsonObject {
  const value = language === 'json' ? readJson(text) : readToml(text);
  if (value === undefined) return {};
  if (isJsonObject(value)) return value;
  throw new ConfigTextError('The JSON is no object.');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Comments, perhaps: the tolerant parser decides, and says where a mistake is.
  }
  const errors: ParseError[] = [];
  const value: unknown = guardDepth(() =>
    parseJsonc(text, errors, { allowTrailingComma: true, allowEmptyContent: true }),
  );
  const [first] = errors;
  if (!first) return value;
  const words = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  throw new ConfigTextError(`This is no valid JSON: line ${lineOf(text, first.offset)}, ${words}.`);
}

function readToml(text: string): unknown {
  try {
    // Dates and large integers become text: no entry of a server has any.
    return JSON.parse(
      JSON.stringify(
        guardDepth(() => parseToml(text, { integersAsBigInt: 'asNeeded' })),
        (_, value) => (typeof value === 'bigint' ? String(value) : value),
      ),
    );
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new ConfigTextError(`This is no valid TOML: line ${error.line}, ${reason}.`);
  }
}

/** Both parsers recurse: a text that is nested thousands of levels deep is refused, not fatal. */
function guardDepth<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigTextError('It is nested too deeply.');
    throw error;
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
