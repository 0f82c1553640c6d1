import * as vscode from 'vscode';
import type {
  FoundServer,
  ImportServers,
  ImportSource,
  Question,
} from '../../../contract/serverImport.ts';
import type { McpServer } from '../../../contract/servers.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import type { CommandContext } from '../commandContext.ts';

/** What servers of a source ask for, each once. */
export function questionsOf(servers: readonly FoundServer[]): Question[] {
  const byId = new Map(
    servers.flatMap(({ questions }) => questions).map((each) => [each.id, each]),
  );
  return [...byId.values()];
}

/** Adds what was chosen, and says what could not be added or was changed. */
export async function importServers(
  { process, log }: CommandContext,
  {
    source,
    take,
    answers,
  }: {
    source: ImportSource;
    take: ImportServers['take'];
    answers: ReadonlyMap<string, string>;
  },
): Promise<McpServer[]> {
  const { t } = vscode.l10n;
  const title = t('Adding MCP servers');
  const location = vscode.ProgressLocation.Window;
  const { servers, failed, notes } = await vscode.window.withProgress({ location, title }, () =>
    new AddingClient(process.client).importServers({
      source,
      take,
      answers: Object.fromEntries(answers),
    }),
  );
  for (const note of notes) log.info(`import: ${note}`);
  if (failed.length > 0) {
    const reasons = failed.map(({ error }) => error).join(' · ');
    void vscode.window.showErrorMessage(t('Not added: {0}', reasons));
  }
  return servers;
}
