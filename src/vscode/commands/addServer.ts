import * as vscode from 'vscode';
import type { CreateServer, McpServer } from '../../contract/servers.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import type { CommandContext } from './commandContext.ts';
import { parseServerText } from './parseServerText.ts';
import { ask } from './pickers.ts';
import { freeName, validateName } from './validateName.ts';

/**
 * Asks for what the user has (a command line, a URL or JSON), then for a name.
 * @returns the new servers; none where the user gave up
 */
export async function addServers(context: CommandContext): Promise<McpServer[]> {
  const text = await askForServer();
  if (text === undefined) return [];
  const wanted = parseServerText(text);
  const created: McpServer[] = [];
  for (const server of wanted) {
    const taken = [...context.inventory.servers, ...created].map(({ name }) => name);
    const named = await nameServer(server, taken, wanted.length > 1);
    if (!named) break;
    created.push(await context.process.client.createServer(named));
  }
  return created;
}

function askForServer(): Thenable<string | undefined> {
  const { t } = vscode.l10n;
  return ask({
    title: t('Add MCP server (1/2)'),
    prompt: t('A command line, a URL, or the JSON entry of another MCP client'),
    placeHolder: 'npx -y @modelcontextprotocol/server-filesystem /path   |   https://host/mcp',
    validateInput: (value) => {
      if (value.trim() === '') return undefined;
      try {
        parseServerText(value);
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },
  });
}

/** One pasted server is named by the user, several keep the names that they come with. */
async function nameServer(
  server: CreateServer,
  taken: readonly string[],
  several: boolean,
): Promise<CreateServer | undefined> {
  const { t } = vscode.l10n;
  const suggested = freeName(server.name, taken);
  if (several) return { ...server, name: suggested };
  const name = await ask({
    title: t('Add MCP server (2/2)'),
    prompt: t('Its tools are listed under this name'),
    value: suggested,
    validateInput: (value) => validateName(value.trim(), taken, t),
  });
  return name === undefined ? undefined : { ...server, name: name.trim() };
}
