import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { McpServer } from '../../../contract/servers.ts';
import { TrustClient } from '../../../serverLink/trustClient.ts';
import type { CommandContext } from '../commandContext.ts';
import { offerUndo } from '../undoable.ts';
import {
  findLiteralKeys,
  type LiteralKey,
  secretNameFor,
  textAt,
  withReferences,
} from './literalKeys.ts';

interface Move {
  server: McpServer;
  key: LiteralKey;
  secret: string;
  value: string;
}

/** Finds likely keys in plain text, shows what would become of them, and moves those that are chosen. */
export async function moveLiteralKeys(
  context: CommandContext,
  servers: readonly McpServer[],
): Promise<void> {
  const { t } = vscode.l10n;
  const trust = new TrustClient(context.process.client);
  const taken = new Set((await trust.secrets()).map(({ name }) => name));
  const moves = servers.flatMap((server) =>
    findLiteralKeys(server).map((key) => {
      const secret = secretNameFor(server.name, key.label, taken);
      taken.add(secret);
      const value = textAt(server.config, key.place).slice(key.start, key.end);
      return { server, key, secret, value };
    }),
  );
  if (moves.length === 0) {
    const message = t('No key stands in plain text in the arguments and addresses of MCP servers.');
    void vscode.window.showInformationMessage(message);
    return;
  }
  const title = t('Move literal keys out of configurations');
  const placeHolder = t('They are encrypted, and the configurations refer to them by these names');
  const items = moves.map((move) => ({ ...itemOf(move), picked: true, move }));
  const options = { title, placeHolder, canPickMany: true, ignoreFocusOut: true } as const;
  const chosen = await vscode.window.showQuickPick(items, options);
  if (chosen && chosen.length > 0) {
    await carryOut(
      context,
      chosen.map(({ move }) => move),
    );
  }
}

/** After an import: says so where keys stand in plain text. */
export async function offerToMoveKeys(
  context: CommandContext,
  servers: readonly McpServer[],
): Promise<void> {
  const { t } = vscode.l10n;
  const concerned = servers.filter((server) => findLiteralKeys(server).length > 0);
  if (concerned.length === 0) return;
  const names = concerned.map(({ name }) => name).join(', ');
  const message = t('Keys stand in plain text in the configuration of {0}.', names);
  const move = t('Move into secrets…');
  if ((await vscode.window.showInformationMessage(message, move)) !== move) return;
  await moveLiteralKeys(context, concerned);
}

/** What stands there, but for most of the key, and what will. */
function itemOf({ server, key, secret, value }: Move) {
  const text = textAt(server.config, key.place);
  const shown = `${value.slice(0, 4)}…`;
  const around = (inner: string) => `${text.slice(0, key.start)}${inner}${text.slice(key.end)}`;
  return {
    label: server.name,
    description: around(shown),
    detail: `$(arrow-right) ${around(`\${secret:${secret}}`)}`,
  };
}

async function carryOut({ process }: CommandContext, moves: readonly Move[]): Promise<void> {
  const { t } = vscode.l10n;
  const trust = new TrustClient(process.client);
  const servers = [...new Set(moves.map(({ server }) => server))];
  for (const { server_id, name, config } of servers) {
    const now = await process.client.mcpServer(server_id);
    if (isDeepStrictEqual(now.config, config)) continue;
    throw new Error(t('The MCP server “{0}” was changed meanwhile. Try again.', name));
  }
  for (const { secret, value } of moves) await trust.setSecret(secret, value);
  for (const { server_id, config } of servers) {
    const own = moves.filter(({ server }) => server.server_id === server_id);
    await process.client.updateServer(server_id, { config: withReferences(config, own) });
  }
  await offerUndo(t('{0} keys are kept as secrets now.', moves.length), async () => {
    for (const { server_id, config } of servers) {
      await process.client.updateServer(server_id, { config });
    }
    for (const { secret } of moves) await trust.deleteSecret(secret);
  });
}
