import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import {
  type CreateServer,
  remoteConfigSchema,
  stdioConfigSchema,
} from '../../contract/servers.ts';
import { splitCommandLine } from './splitCommandLine.ts';

/** `"name": {…}` as it stands inside of a configuration file; `"program" …` is a command line. */
const namedEntry = /^"(?:[^"\\]|\\.)*"\s*:/;

/** The longest name of a server. */
const maxName = 64;

/**
 * Reads what people have at hand of a server: a command line (`KEY=value npx -y some-server`), a URL,
 * or the JSON entry of another client's configuration (`{"mcpServers": {…}}`, or a part of it).
 * @returns at least one server, each under a legal name that it suggests
 * @throws Error that says what is not understood
 */
export function parseServerText(text: string): CreateServer[] {
  const trimmed = text.trim();
  if (trimmed === '') throw new Error('Nothing was entered.');
  if (trimmed.startsWith('{') || namedEntry.test(trimmed)) return parseEntries(trimmed);
  if (/^https?:\/\//i.test(trimmed)) return [remoteServer(trimmed, {}, undefined)];
  return [parseCommand(trimmed)];
}

/** The nearest legal name; `server` where nothing is left of it. */
export function legalName(text: string): string {
  const legal = text.replace(/[^A-Za-z0-9 _-]+/g, '-').replace(/^[-\s]+|[-\s]+$/g, '');
  return legal.slice(0, maxName) || 'server';
}

function parseCommand(text: string): CreateServer {
  const words = splitCommandLine(text);
  const env: Record<string, string> = {};
  while (/^[A-Za-z_][A-Za-z0-9_]*=/.test(words[0] ?? '')) {
    const [word = ''] = words.splice(0, 1);
    const at = word.indexOf('=');
    env[word.slice(0, at)] = word.slice(at + 1);
  }
  const [command, ...args] = words;
  if (command === undefined) throw new Error('There is no command after the variables.');
  return stdioServer({ command, args, env }, undefined);
}

function parseEntries(text: string): CreateServer[] {
  const value = parseJson(text);
  const holder = [value.mcpServers, value.servers, value.mcp].find(isJsonObject) ?? value;
  if (isEntry(holder)) return [parseEntry(holder, undefined)];
  const servers = Object.entries(holder).map(([name, entry]) => {
    if (isJsonObject(entry) && isEntry(entry)) return parseEntry(entry, name);
    throw new Error(`“${name}” has neither a command nor a URL.`);
  });
  if (servers.length === 0) throw new Error('The JSON holds no server.');
  return servers;
}

function parseJson(text: string): JsonObject {
  try {
    const whole = namedEntry.test(text) ? `{${text.replace(/,$/, '')}}` : text;
    const value: unknown = JSON.parse(whole);
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw new Error(`This is no valid JSON: ${error instanceof Error ? error.message : error}`);
  }
  throw new Error('The JSON is no object.');
}

function isEntry(value: JsonObject): boolean {
  return ['command', 'url', 'serverUrl', 'httpUrl'].some((key) => typeof value[key] === 'string');
}

function parseEntry(entry: JsonObject, name: string | undefined): CreateServer {
  const url = entry.url ?? entry.serverUrl ?? entry.httpUrl;
  if (typeof url === 'string') {
    const server = remoteServer(url, entry.headers ?? {}, name);
    return entry.type === 'sse' ? { ...server, transport_type: 'sse' } : server;
  }
  const { command, args, env, cwd } = entry;
  return stdioServer({ command, args, env, ...(cwd !== undefined && { cwd }) }, name);
}

function stdioServer(config: JsonObject, name: string | undefined): CreateServer {
  const checked = check(stdioConfigSchema, config);
  return {
    name: legalName(name ?? suggestFromCommand([checked.command, ...checked.args])),
    transport_type: 'stdio',
    config: checked,
  };
}

function remoteServer(url: string, headers: unknown, name: string | undefined): CreateServer {
  const config = check(remoteConfigSchema, { url, headers });
  const { hostname, pathname } = new URL(config.url);
  return {
    name: legalName(name ?? hostname.replace(/^(www|mcp|api)\./, '').replace(/\.[a-z]+$/, '')),
    transport_type: /\/sse\/?$/.test(pathname) ? 'sse' : 'http',
    config,
  };
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}

/** `npx -y @scope/server-files /path` → `files`. */
function suggestFromCommand(words: readonly string[]): string {
  const runners =
    /^(npx|bunx|uvx|pnpm|yarn|dlx|exec|run|node|python3?|docker|deno|uv|pipx|cmd|sh|bash)(\.exe|\.cmd)?$/;
  const isName = (word: string) => !word.startsWith('-') && !runners.test(baseName(word));
  const word = words.find((candidate) => isName(candidate)) ?? words[0] ?? '';
  return baseName(word)
    .replace(/(?<=.)@[^@]*$/, '')
    .replace(/\.(js|mjs|cjs|ts|py|exe|cmd|sh)$/, '')
    .replace(/^(mcp-server|server|mcp)-|-(mcp-server|mcp|server)$/g, '');
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
