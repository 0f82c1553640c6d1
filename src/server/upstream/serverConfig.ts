import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretMask } from '../../contract/secretMask.ts';
import type { RemoteConfig, ServerRecord, StdioConfig } from '../../contract/servers.ts';
import { secretNames } from '../store/secretNames.ts';
import type { SecretStore } from '../store/secretStore.ts';
import type { Root } from './caller.ts';
import { replaceVariables, secretsNamedIn } from './configVariables.ts';
import { UpstreamError } from './upstreamError.ts';

/** Everything needed to reach a server, secrets and variables in place. */
export type ResolvedConfig =
  | { type: 'stdio'; command: string; args: string[]; env: Record<string, string>; cwd: string }
  | { type: 'http' | 'sse'; url: string; headers: Record<string, string> };

export interface ConfigSources {
  secrets: SecretStore;
  roots: readonly Root[];
  /** Of the newest window; `${env:NAME}` reads it. */
  env: Readonly<Record<string, string>>;
}

/**
 * Puts secrets, `${workspaceFolder}` (the first root's path), `${env:NAME}` and `${secret:NAME}` into a
 * server's configuration.
 * @returns the configuration, and the secret values in it, which must not be shown
 * @throws UpstreamError `locked`, `auth_required` (a secret is missing), `start_failed` (no folder)
 */
export function resolveServerConfig(
  record: ServerRecord,
  sources: ConfigSources,
): { config: ResolvedConfig; secretValues: string[] } {
  const values = new ValueResolver(record, sources);
  if (record.transport_type === 'stdio') {
    const { command, args, env, cwd } = record.config as StdioConfig;
    const config: ResolvedConfig = {
      type: 'stdio',
      command: values.text(command),
      args: args.map((arg) => values.text(arg)),
      env: values.record(env, (name) => secretNames.serverEnv(record.server_id, name)),
      cwd: resolve(homedir(), cwd === undefined ? '' : values.text(cwd)),
    };
    return { config, secretValues: values.secretValues };
  }
  const remote = record.config as RemoteConfig;
  const headers = values.record(remote.headers, (name) =>
    secretNames.serverHeader(record.server_id, name),
  );
  const url = new URL(values.text(remote.url));
  addCredentials(record, values, url, headers);
  const config: ResolvedConfig = { type: record.transport_type, url: url.href, headers };
  return { config, secretValues: values.secretValues };
}

/** Whether connections must be kept apart by roots because the configuration names a folder. */
export function usesWorkspaceFolder(record: ServerRecord): boolean {
  return /\$\{workspaceFolder\}/.test(JSON.stringify(record.config));
}

/** Changes with every value of the configuration, secrets included; tells none of them. */
export function hashConfig(record: ServerRecord, secrets: SecretStore): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([record.transport_type, record.config, record.auth]));
  hash.update(JSON.stringify(record.withheld_capabilities));
  for (const name of secrets.names(secretNames.server(record.server_id)).sort()) {
    hash.update(`\n${name}\n${secrets.locked ? '' : secrets.get(name)}`);
  }
  for (const name of [...secretsNamedIn(record, secrets)].sort()) {
    hash.update(`\n${name}\n${secrets.locked ? '' : secrets.get(secretNames.named(name))}`);
  }
  return hash.digest('base64url').slice(0, 22);
}

function addCredentials(
  record: ServerRecord,
  values: ValueResolver,
  url: URL,
  headers: Record<string, string>,
): void {
  const { auth } = record;
  const secret = (field: string) => secretNames.serverAuth(record.server_id, field);
  switch (auth.type) {
    case 'none':
    case 'oauth':
      return;
    case 'bearer':
      headers.Authorization = `Bearer ${values.value(auth.token, secret('token'))}`;
      return;
    case 'api_key': {
      const key = values.value(auth.key, secret('key'));
      if (auth.in === 'query') url.searchParams.set(auth.name, key);
      else headers[auth.name] = key;
      return;
    }
    case 'basic': {
      const password = values.value(auth.password, secret('password'));
      const pair = Buffer.from(
        `${values.value(auth.username, secret('username'))}:${password}`,
        'utf8',
      ).toString('base64');
      headers.Authorization = `Basic ${pair}`;
      values.secretValues.push(pair);
      return;
    }
    case 'headers':
      Object.assign(
        headers,
        values.record(auth.headers, (name) => secret(`header/${name}`)),
      );
  }
}

/** Resolves single values of one server's configuration and notes the secrets among them. */
class ValueResolver {
  readonly secretValues: string[] = [];

  constructor(
    private readonly server: ServerRecord,
    private readonly sources: ConfigSources,
  ) {}

  record(
    values: Readonly<Record<string, string>>,
    secretName: (name: string) => string,
  ): Record<string, string> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, this.value(value, secretName(name))]),
    );
  }

  /** A value that may be kept as a secret. */
  value(value: string, secretName: string): string {
    const text = this.text(value === secretMask ? this.#secret(secretName) : value);
    this.secretValues.push(text);
    return text;
  }

  text(value: string): string {
    return replaceVariables(value, {
      workspaceFolder: () => this.#workspaceFolder(),
      env: (name) => this.sources.env[name] ?? '',
      secret: (name) => this.#namedSecret(name),
    });
  }

  #namedSecret(name: string): string {
    const secret = this.#stored(secretNames.named(name));
    if (secret === undefined) {
      throw new UpstreamError(
        'auth_required',
        this.server.name,
        `Server "${this.server.name}" uses \${secret:${name}}, and there is no secret "${name}". Set it (PUT /api/secrets/${name}), or correct the name in the server's configuration.`,
        { needs: { kind: 'secret', name } },
      );
    }
    this.secretValues.push(secret);
    return secret;
  }

  #stored(name: string): string | undefined {
    const { secrets } = this.sources;
    if (secrets.locked) {
      throw new UpstreamError(
        'locked',
        this.server.name,
        `Server "${this.server.name}" needs a secret, and the secrets are locked until VS Code hands over their key. Open a VS Code window.`,
      );
    }
    return secrets.get(name);
  }

  #secret(name: string): string {
    const secret = this.#stored(name);
    if (secret !== undefined) return secret;
    throw new UpstreamError(
      'auth_required',
      this.server.name,
      `Server "${this.server.name}" needs the secret "${name.split('/').slice(2).join(' ')}", which is not stored here. Edit the server and enter it again.`,
    );
  }

  #workspaceFolder(): string {
    const uri = this.sources.roots[0]?.uri;
    try {
      if (uri !== undefined) return fileURLToPath(uri);
    } catch {
      // Not a file: URI; the error below says what is needed.
    }
    throw new UpstreamError(
      'start_failed',
      this.server.name,
      `Server "${this.server.name}" uses \${workspaceFolder}, and the client has ${uri === undefined ? 'no folder open' : `the root ${uri}, which is no local folder`}. Call it from a client with a folder, or write the path into the server's configuration.`,
    );
  }
}
