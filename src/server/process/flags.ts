import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Trust } from '../consent/consents.ts';
import { type LogLevel, logLevels } from '../log.ts';

/** How the program was started. */
export interface Flags {
  /** `auto`: the port kept in the store, chosen once from 20000 to 29999; 0: any free one. */
  port: number | 'auto';
  dataDir: string;
  authentication: 'none' | 'token';
  demo: boolean;
  /** Started by a window or launcher: it ends some time after the last of them has gone. */
  managed: boolean;
  /** Seconds a managed server stays after the last lease and the last call. */
  graceSeconds: number;
  /** Address of the registry in which servers are looked up; undefined: the official one. */
  registryUrl: string | undefined;
  /** Base address of a collector of traces (OTLP/HTTP); undefined for none. */
  otlpEndpoint: string | undefined;
  /** Where the key of the secrets comes from: a file beside them, or VS Code's SecretStorage. */
  secretsKey: 'file' | 'window';
  logLevel: LogLevel;
  /** Whether what is added or changed from outside VS Code may start at once. */
  trust: Trust;
}

export const usage = `usage: vmcp [--port N] [--data-dir DIR] [--auth none|token] [--registry URL] [--demo]

  --port N          port on 127.0.0.1; 0 picks a free one (default 8000, or VMCP_PORT)
  --data-dir DIR    where everything is stored (default ~/.vmcp)
  --auth MODE       none: local programs need no token (default); token: they do
  --registry URL    where MCP servers are looked up (default the official registry)
  --trust MODE      all: servers added by REST start at once (default); none: they wait until they are
                    allowed by a request with the admin token, as VS Code sends
  --otlp URL        where traces of calls are sent (OTLP/HTTP in JSON; default nowhere)
  --demo            an empty store gets two servers and a vMCP to try
  VMCP_LOG_LEVEL    debug, info (default), warning or error
`;

/** Flags that cannot be used as given; the message names the flag. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
}

/** @throws FlagError */
export function parseFlags(args: string[], env: NodeJS.ProcessEnv): Flags {
  const values = parse(args);
  return {
    port: portOf(values.port ?? env.VMCP_PORT ?? '8000'),
    dataDir: resolve(values['data-dir'] ?? join(homedir(), '.vmcp')),
    authentication: oneOf('--auth', values.auth ?? 'none', ['none', 'token'] as const),
    demo: values.demo ?? false,
    managed: values.managed ?? false,
    graceSeconds: secondsOf(values['grace-seconds'] ?? '30'),
    secretsKey: oneOf('--secrets-key', values['secrets-key'] ?? 'file', [
      'file',
      'window',
    ] as const),
    registryUrl: webAddressOf('--registry', values.registry),
    otlpEndpoint: webAddressOf('--otlp', values.otlp),
    // Where a window has started the server, there is someone to be asked.
    trust: oneOf('--trust', values.trust ?? (values.managed ? 'none' : 'all'), [
      'all',
      'none',
    ] as const),
    logLevel: oneOf('VMCP_LOG_LEVEL', env.VMCP_LOG_LEVEL ?? 'info', logLevels),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        auth: { type: 'string' },
        demo: { type: 'boolean' },
        managed: { type: 'boolean' },
        'grace-seconds': { type: 'string' },
        'secrets-key': { type: 'string' },
        registry: { type: 'string' },
        otlp: { type: 'string' },
        trust: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new FlagError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function portOf(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new FlagError(`--port (or VMCP_PORT) must be 0 to 65535 or auto, not “${text}”`);
}

function webAddressOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || (/^https?:\/\//.test(text) && URL.canParse(text))) return text;
  throw new FlagError(`${flag} must be an http or https address, not “${text}”`);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new FlagError(`--grace-seconds must be a number of seconds, not “${text}”`);
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value.toLowerCase());
  if (found !== undefined) return found;
  throw new FlagError(`${flag} must be one of ${allowed.join(', ')}, not “${value}”`);
}
