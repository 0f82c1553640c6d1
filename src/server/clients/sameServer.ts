import { joinCommandLine } from '../../contract/commandLine.ts';
import type { CreateServer } from '../../contract/servers.ts';

type Reach = Pick<CreateServer, 'config'>;

/** Equal for servers that are reached in the same way, whatever their credentials. */
export function reachKey({ config }: Reach): string {
  if ('command' in config) return JSON.stringify([config.command, ...config.args]);
  return config.url.replace(/\/+$/, '');
}

/** The command line or the address; no value of a variable or header. */
export function summaryOf({ config }: Reach): string {
  if ('command' in config) return joinCommandLine([config.command, ...config.args]);
  return config.url;
}

/** Whether this is a vMCP of this machine: one that contains itself would call itself for ever. */
export function isOwnVmcp({ config }: Reach): boolean {
  if ('command' in config) {
    return ['--data-dir', '--vmcp'].every((flag) => config.args.includes(flag)); // the launcher's
  }
  const { hostname, pathname } = new URL(config.url);
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return isLoopback && /^(\/t\/[^/]+)?\/mcp\/vmcp_/.test(pathname);
}
