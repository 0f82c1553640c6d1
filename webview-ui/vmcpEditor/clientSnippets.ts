import * as l10n from '@vscode/l10n';
import type { Endpoint } from '../../src/contract/admin.ts';

export interface Snippet {
  title: string;
  text: string;
}

/** What goes into the files of MCP clients. The launcher finds or starts the server: no port, no token. */
export function clientSnippets(name: string, { launcher }: Endpoint): Snippet[] {
  const { command, args, env } = launcher;
  const entry = { command, args, ...(Object.keys(env).length > 0 && { env }) };
  const json = (value: unknown) => JSON.stringify(value, undefined, 2);
  return [
    {
      title: l10n.t('Claude, Cursor, Windsurf and others (mcpServers)'),
      text: json({ mcpServers: { [name]: entry } }),
    },
    {
      title: l10n.t("VS Code's mcp.json"),
      text: json({ servers: { [name]: { type: 'stdio', ...entry } } }),
    },
  ];
}
