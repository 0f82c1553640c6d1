import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { ConfigTextError, type Draft } from './draft.ts';
import { isEntry, readEntry } from './readEntry.ts';
import { readQuestions, type Variables } from './readVariables.ts';

/** Members under which clients keep their servers. */
const holders = ['mcpServers', 'servers', 'mcp_servers', 'mcp'] as const;

type Environment = Variables['environment'];

/**
 * The servers of a pasted configuration, or of a part of one: one entry, or several under their names.
 * @throws ConfigTextError where it holds none
 */
export function readPastedConfig(config: JsonObject, environment: Environment): Draft[] {
  const questions = readQuestions(config.inputs);
  const variables = { questions, environment };
  const holder = holderOf(config) ?? config;
  if (isEntry(holder)) return [readEntry(holder, nameOf(holder), variables)];
  const drafts = Object.entries(holder).map(([name, entry]): Draft => {
    if (isEntry(entry)) return readEntry(entry, name, variables);
    return { ...noServer, name, problem: `“${name}” has neither a command nor a URL.` };
  });
  if (drafts.length === 0) throw new ConfigTextError('It holds no server.');
  const [first] = drafts;
  if (first?.problem !== undefined && drafts.every(({ server }) => !server)) {
    throw new ConfigTextError(first.problem);
  }
  return drafts;
}

/** The servers of a client's file, at the place where that client keeps them. */
export function readFileConfig(
  config: JsonObject,
  place: readonly string[],
  environment: Environment,
): Draft[] {
  const questions = readQuestions(config.inputs);
  let holder: unknown = config;
  for (const member of place) holder = isJsonObject(holder) ? holder[member] : undefined;
  if (!isJsonObject(holder)) return [];
  return Object.entries(holder).map(([name, entry]): Draft => {
    if (!isEntry(entry)) {
      return { ...noServer, name, problem: 'It has neither a command nor a URL.' };
    }
    // No other client knows these: a file that came from elsewhere would have them carried away.
    if (JSON.stringify(entry).includes('${secret:')) {
      return { ...noServer, name, problem: 'It refers to secrets of vMCP.' };
    }
    return readEntry(entry, name, { questions, environment });
  });
}

const noServer = { questions: [], notes: [] };

function holderOf(config: JsonObject): JsonObject | undefined {
  const holder = holders.map((member) => config[member]).find(isJsonObject);
  // Settings of VS Code keep the servers one level deeper.
  return holder && (holderOf(holder) ?? holder);
}

/** Links to install a server carry its name beside the entry. */
function nameOf(entry: JsonObject): string | undefined {
  return typeof entry.name === 'string' && entry.name !== '' ? entry.name : undefined;
}
