import { stringify as stringifyToml } from 'smol-toml';
import type { Endpoint } from '../../contract/admin.ts';
import type { Client, ClientEntry, EntryForm } from '../../contract/clientFiles.ts';
import type { JsonObject } from '../../contract/json.ts';

/** How clients reach one vMCP. */
export type Reach = Pick<Endpoint, 'url' | 'launcher'>;

/** The entry of a vMCP as a client's file wants it. */
export function entryFor(client: Client, form: EntryForm, { url, launcher }: Reach): JsonObject {
  return form === 'url' ? urlEntry(client, url) : launcherEntry(client, launcher);
}

/** What a vMCP is called in files: some clients take letters, digits, `-` and `_` only. */
export function entryName(vmcpName: string): string {
  return vmcpName.trim().replace(/\s+/g, '-');
}

/** The whole text that is to be pasted into a client's file, and a link where the client has one. */
export function entryText(client: Client, name: string, entry: JsonObject): ClientEntry {
  if (client === 'codex') {
    const text = stringifyToml({ mcp_servers: { [name]: entry } });
    return { language: 'toml', text: `${text.trim()}\n` };
  }
  const holder = client === 'vscode' ? 'servers' : 'mcpServers';
  const text = `${JSON.stringify({ [holder]: { [name]: entry } }, undefined, 2)}\n`;
  if (client !== 'vscode') return { language: 'json', text };
  const query = encodeURIComponent(JSON.stringify({ name, ...entry }));
  return { language: 'json', text, install_link: `vscode:mcp/install?${query}` };
}

function launcherEntry(client: Client, { command, args, env }: Endpoint['launcher']): JsonObject {
  const variables = Object.keys(env).length > 0 ? { env: { ...env } } : {};
  switch (client) {
    case 'vscode':
    case 'claude-code':
    case 'project':
      return { type: 'stdio', command, args, ...variables };
    case 'copilot-cli':
      return { type: 'local', command, args, ...variables, tools: ['*'] };
    default:
      return { command, args, ...variables };
  }
}

function urlEntry(client: Client, url: string): JsonObject {
  switch (client) {
    case 'windsurf':
      return { serverUrl: url };
    case 'cursor':
    case 'codex':
      return { url };
    case 'copilot-cli':
      return { type: 'http', url, tools: ['*'] };
    default:
      return { type: 'http', url };
  }
}
