import type * as z from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import {
  type CreateServer,
  remoteConfigSchema,
  stdioConfigSchema,
} from '../../../contract/servers.ts';
import { ConfigTextError, type Draft } from './draft.ts';
import { legalName } from './legalName.ts';
import { rewriteReferences, unknownQuestion, type Variables } from './readVariables.ts';
import { nameFromCommand, nameFromUrl } from './suggestName.ts';

/** Members in which clients write the address of a remote server. */
const urlMembers = ['url', 'serverUrl', 'httpUrl'] as const;

/** Members that are understood, or that change nothing about how a server is reached. */
const knownMembers = new Set<string>([
  ...urlMembers,
  ...['type', 'transport', 'command', 'args', 'env', 'cwd', 'headers', 'http_headers', 'name'],
  ...['env_http_headers', 'bearer_token_env_var', 'env_vars', 'disabled', 'enabled', 'description'],
  ...['gallery', 'version', 'tools', 'disabled_tools', 'autoApprove', 'alwaysAllow', 'timeout'],
]);

/** Whether a member of a configuration describes one server. */
export function isEntry(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  return ['command', ...urlMembers].some((key) => typeof value[key] === 'string');
}

/** Reads one server's entry, whichever client wrote it. What cannot be used says why. */
export function readEntry(
  entry: JsonObject,
  name: string | undefined,
  variables: Variables,
): Draft {
  const asked = new Set<string>();
  const notes: string[] = [];
  try {
    const rewritten = rewriteAll(entry, variables, { asked, notes });
    const unknown = Object.keys(entry).filter((key) => !knownMembers.has(key));
    if (unknown.length > 0) notes.push(`Not taken over: ${unknown.join(', ')}.`);
    const server = readServer(rewritten, name);
    const questions = [...asked].map((id) => variables.questions.get(id) ?? unknownQuestion(id));
    return { name: name ?? server.name, server, questions, notes };
  } catch (error) {
    if (!(error instanceof ConfigTextError)) throw error;
    return { name: name ?? 'server', questions: [], notes, problem: error.message };
  }
}

/** @throws ConfigTextError */
export function stdioServer(config: unknown, name: string | undefined): CreateServer {
  const checked = check(stdioConfigSchema, config);
  return {
    name: legalName(name ?? nameFromCommand([checked.command, ...checked.args])),
    transport_type: 'stdio',
    config: checked,
  };
}

/** @throws ConfigTextError */
export function remoteServer(
  url: string,
  headers: unknown,
  name: string | undefined,
): CreateServer {
  const config = check(remoteConfigSchema, { url, headers });
  return {
    name: legalName(name ?? nameFromUrl(config.url)),
    transport_type: /\/sse\/?$/.test(new URL(config.url).pathname) ? 'sse' : 'http',
    config,
  };
}

function readServer(entry: JsonObject, name: string | undefined): CreateServer {
  const server = isRemote(entry) ? readRemote(entry, name) : readStdio(entry, name);
  const isOff = entry.disabled === true || entry.enabled === false;
  const description =
    typeof entry.description === 'string' ? entry.description.slice(0, 10_000) : '';
  return {
    ...server,
    ...(isOff && { enabled: false }),
    ...(description !== '' && { description }),
  };
}

function isRemote(entry: JsonObject): boolean {
  return urlMembers.some((member) => typeof entry[member] === 'string');
}

function readRemote(entry: JsonObject, name: string | undefined): CreateServer {
  const url = urlMembers.map((member) => entry[member]).find((value) => typeof value === 'string');
  const server = remoteServer(String(url), readHeaders(entry), name);
  const type = entry.type ?? entry.transport;
  if (type === 'sse') return { ...server, transport_type: 'sse' };
  const isHttp = type === 'http' || type === 'streamable-http' || type === 'streamableHttp';
  return isHttp ? { ...server, transport_type: 'http' } : server;
}

/** Headers as they are, and those that Codex takes from the environment. */
function readHeaders(entry: JsonObject): JsonObject {
  const headers: JsonObject = {};
  for (const given of [entry.headers, entry.http_headers]) {
    if (isJsonObject(given)) Object.assign(headers, textsOf(given));
    else if (given !== undefined) throw new ConfigTextError('headers: must be an object.');
  }
  if (isJsonObject(entry.env_http_headers)) {
    for (const [header, variable] of Object.entries(entry.env_http_headers)) {
      headers[header] = `\${env:${String(variable)}}`;
    }
  }
  if (typeof entry.bearer_token_env_var === 'string') {
    headers.Authorization = `Bearer \${env:${entry.bearer_token_env_var}}`;
  }
  return headers;
}

function readStdio(entry: JsonObject, name: string | undefined): CreateServer {
  const { command, args, env, cwd } = entry;
  return stdioServer(
    {
      command,
      args,
      env: isJsonObject(env) ? textsOf(env) : (env ?? undefined),
      ...(cwd !== undefined && cwd !== null && { cwd }),
    },
    name,
  );
}

/** Numbers and switches as text; what is null is not set. */
function textsOf(values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (value === null || value === undefined) return [];
      return [
        [key, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value],
      ];
    }),
  );
}

function rewriteAll(
  entry: JsonObject,
  variables: Variables,
  found: { asked: Set<string>; notes: string[] },
): JsonObject {
  const rewrite = (value: JsonValue | undefined): JsonValue | undefined => {
    if (typeof value === 'string') return rewriteReferences(value, variables, found);
    if (Array.isArray(value)) return value.map((item) => rewrite(item) ?? null);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item)]));
  };
  return rewrite(entry) as JsonObject; // an object stays one
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.');
  throw new ConfigTextError(`${place ? `${place}: ` : ''}${issue?.message ?? 'not understood'}`);
}
