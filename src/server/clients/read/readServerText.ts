import { homedir } from 'node:os';
import { splitCommandLine } from '../../../contract/commandLine.ts';
import { ConfigTextError, type Draft } from './draft.ts';
import { parseConfigText } from './parseConfigText.ts';
import { readPastedConfig } from './readConfig.ts';
import { remoteServer, stdioServer } from './readEntry.ts';
import type { Variables } from './readVariables.ts';

/** How a text was understood. */
export type TextKind = 'command' | 'url' | 'json' | 'toml';

/** `"name": {…}` as it stands inside of a configuration file; `"program" …` is a command line. */
const namedEntry = /^"(?:[^"\\]|\\.)*"\s*:/;

/** `[mcp_servers.name]`, or a member of such a table. */
const tomlTable = /^(?:#[^\n]*\n\s*)*\[[^\]\n]+\]\s*(?:#[^\n]*)?(?:\n|$)/;

/** An address by which VS Code is asked to install a server. */
const installLink =
  /^(?:vscode(?:-insiders)?:mcp\/install|https:\/\/(?:insiders\.)?vscode\.dev\/redirect)/;

/**
 * Reads what people have at hand of a server: a command line (`KEY=value npx -y some-server`), a URL,
 * or the entry of another client's configuration, in JSON or TOML, whole or in part.
 * @returns at least one server, each under a legal name that it suggests
 * @throws ConfigTextError that says what is not understood
 */
export function readServerText(
  text: string,
  environment: Variables['environment'],
): { kind: TextKind; drafts: Draft[] } {
  const trimmed = text.trim();
  if (trimmed === '') throw new ConfigTextError('Nothing was entered.');
  if (/^(\{|\/\/|\/\*)/.test(trimmed) || namedEntry.test(trimmed)) {
    const whole = namedEntry.test(trimmed) ? `{${trimmed.replace(/,$/, '')}}` : trimmed;
    return { kind: 'json', drafts: readPastedConfig(parseConfigText(whole, 'json'), environment) };
  }
  if (tomlTable.test(trimmed)) {
    return {
      kind: 'toml',
      drafts: readPastedConfig(parseConfigText(trimmed, 'toml'), environment),
    };
  }
  if (installLink.test(trimmed))
    return { kind: 'url', drafts: readInstallLink(trimmed, environment) };
  if (/^https?:\/\//i.test(trimmed)) {
    const server = remoteServer(trimmed, {}, undefined);
    return { kind: 'url', drafts: [draftOf(server)] };
  }
  return { kind: 'command', drafts: [readCommand(trimmed)] };
}

function readCommand(text: string): Draft {
  const words = wordsOf(text.replace(/^\$\s+/, '').replace(/\\\r?\n/g, ' ')).map(withHome);
  const env: Record<string, string> = {};
  while (/^[A-Za-z_][A-Za-z0-9_]*=/.test(words[0] ?? '')) {
    const [word = ''] = words.splice(0, 1);
    const at = word.indexOf('=');
    env[word.slice(0, at)] = word.slice(at + 1);
  }
  const [command, ...args] = words;
  if (command === undefined) {
    throw new ConfigTextError('There is no command after the variables.');
  }
  return draftOf(stdioServer({ command, args, env }, undefined));
}

/** As a shell does it: no shell stands between vMCP and the program. */
function withHome(word: string): string {
  return word.replace(/^~(?=[\\/]|$)/, homedir());
}

function wordsOf(text: string): string[] {
  try {
    return splitCommandLine(text);
  } catch (error) {
    throw new ConfigTextError(error instanceof Error ? error.message : String(error));
  }
}

/** The entry is the whole query, percent-encoded; the pages that redirect to it have it in `url`. */
function readInstallLink(link: string, environment: Variables['environment']): Draft[] {
  try {
    const inner = /^https:/.test(link) ? (new URL(link).searchParams.get('url') ?? '') : link;
    const json = decodeURIComponent(inner.slice(inner.indexOf('?') + 1));
    const entry = parseConfigText(json, 'json');
    return readPastedConfig(entry, environment);
  } catch (error) {
    if (error instanceof ConfigTextError) throw error;
    throw new ConfigTextError('The link holds no server that could be read.');
  }
}

function draftOf(server: NonNullable<Draft['server']>): Draft {
  return { name: server.name, server, questions: [], notes: [] };
}
