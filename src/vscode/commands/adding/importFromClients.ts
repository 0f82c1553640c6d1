import * as vscode from 'vscode';
import type { ClientFile } from '../../../contract/clientFiles.ts';
import type { McpServer } from '../../../contract/servers.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import { answerSteps } from '../../steps/askAnswers.ts';
import { back, takeSteps } from '../../steps/back.ts';
import type { CommandContext } from '../commandContext.ts';
import { chooseServers } from './chooseServers.ts';
import { importServers, questionsOf } from './importServers.ts';
import { shortPath, windowPlaces } from './places.ts';

/**
 * Shows the servers that other MCP clients have, with what is new, and adds the ticked ones.
 * @returns the new servers
 */
export async function importFromClients(context: CommandContext): Promise<McpServer[]> {
  const { t } = vscode.l10n;
  const places = windowPlaces(context.dataDir);
  const { files, groups, source } = await look(context, places);
  warnOfProblems(files);
  if (groups.length === 0) {
    void vscode.window.showInformationMessage(
      t(
        'No MCP server was found in the files of VS Code, Claude, Cursor, Windsurf, Codex or Copilot CLI.',
      ),
    );
    return [];
  }
  const title = t('Import MCP servers');
  for (;;) {
    const chosen = await chooseServers(groups, { title });
    if (chosen === undefined || chosen === back) return [];
    const questions = questionsOf(chosen);
    const answers = new Map<string, string>();
    const place = { title, step: 1, totalSteps: questions.length, canGoBack: true };
    if ((await takeSteps(answerSteps(questions, answers, place))) !== 'next') continue;
    const take = chosen.map(({ entry_id, name }) => ({ entry_id, name }));
    return importServers(context, { source, take, answers });
  }
}

async function look({ process }: CommandContext, places: ReturnType<typeof windowPlaces>) {
  const client = new AddingClient(process.client);
  const title = vscode.l10n.t('Looking for MCP servers of other clients');
  const location = vscode.ProgressLocation.Window;
  return vscode.window.withProgress({ location, title }, async () => {
    const files = await client.files(places);
    const ids = files.filter(({ servers }) => servers > 0).map(({ file_id }) => file_id);
    const source = { places, file_ids: ids };
    const found = ids.length === 0 ? [] : (await client.preview(source)).servers;
    const groups = files
      .map(({ file_id, title: name, path }) => ({
        title: `${name} · ${shortPath(path)}`,
        servers: found.filter(
          (server) => server.file_id === file_id && server.state !== 'unusable',
        ),
      }))
      .filter(({ servers }) => servers.length > 0);
    return { files, groups, source };
  });
}

/** A file that cannot be read hinders no other one. */
function warnOfProblems(files: readonly ClientFile[]): void {
  for (const { problem, path, title } of files) {
    if (problem === undefined) continue;
    const open = vscode.l10n.t('Open file');
    const message = vscode.l10n.t('{0} is not read. {1} ({2})', title, problem, path);
    void vscode.window.showWarningMessage(message, open).then(async (chosen) => {
      if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(path));
    });
  }
}
