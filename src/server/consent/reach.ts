import { createHash } from 'node:crypto';
import type { ServerRecord } from '../../contract/servers.ts';

type Config = ServerRecord['config'];

/**
 * Hash of what a consent covers: the program with all its arguments, its folder and the names of its
 * environment; of a remote server its address and the names of its headers. Values of secrets are not
 * part of it: they may be renewed.
 */
export function reachOf({ transport_type, config }: ServerRecord): string {
  const covered = [transport_type, ...coveredBy(config)];
  return createHash('sha256').update(JSON.stringify(covered)).digest('hex');
}

function coveredBy(config: Config): unknown[] {
  if ('url' in config) return [config.url, Object.keys(config.headers).sort()];
  const { command, args, env, cwd = null } = config;
  return [command, args, Object.keys(env).sort(), cwd];
}
