import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { ConfigTextError } from '../read/draft.ts';
import { type ConfigLanguage, parseConfigText } from '../read/parseConfigText.ts';
import { setJsonEntry } from './setJsonEntry.ts';
import { setTomlEntry } from './setTomlEntry.ts';

/**
 * Sets one server's entry in a client's configuration; comments, formatting and all that concerns
 * others stays. The result is read again before it is given out.
 * @throws ConfigTextError where the text cannot be parsed, or is written in a way that this cannot edit
 */
export function setEntry(
  text: string,
  language: ConfigLanguage,
  path: readonly string[],
  entry: JsonObject,
): string {
  const wanted = withEntry(parseConfigText(text, language), path, entry);
  if (isDeepStrictEqual(parsed(text, language), wanted)) return text;
  const after =
    language === 'json' ? setJsonEntry(text, path, entry) : setTomlEntry(text, path, entry);
  if (!isDeepStrictEqual(parsed(after, language), wanted)) {
    throw new ConfigTextError(
      `“${path.slice(0, -1).join('.')}” is written in a way that vMCP cannot edit without changing more than its own entry. Copy the entry and paste it there.`,
    );
  }
  return after;
}

function parsed(text: string, language: ConfigLanguage): JsonObject | undefined {
  try {
    return parseConfigText(text, language);
  } catch {
    return undefined; // said in the caller's words
  }
}

function withEntry(config: JsonObject, path: readonly string[], entry: JsonObject): JsonObject {
  const [member = '', ...rest] = path;
  const inner = config[member];
  const changed =
    rest.length === 0 ? entry : withEntry(isJsonObject(inner) ? inner : {}, rest, entry);
  return Object.fromEntries([
    ...Object.entries(config).filter(([key]) => key !== member),
    [member, changed],
  ]);
}
