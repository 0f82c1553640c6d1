import * as vscode from 'vscode';
import type { FoundServer, ImportSource } from '../../../contract/serverImport.ts';
import type { McpServer } from '../../../contract/servers.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import { messageOf } from '../../../serverLink/linkError.ts';
import { answerSteps } from '../../steps/askAnswers.ts';
import { askText } from '../../steps/askText.ts';
import { back, type Step, takeSteps } from '../../steps/back.ts';
import type { CommandContext } from '../commandContext.ts';
import { validateName } from '../validateName.ts';
import { askForServers } from './askForServers.ts';
import { browseRegistry } from './browseRegistry.ts';
import { chooseServers } from './chooseServers.ts';
import { importFromClients } from './importFromClients.ts';
import { importServers, questionsOf } from './importServers.ts';
import { missingStep } from './warnOfMissing.ts';

/**
 * Asks for what the user has of a server and adds it. What was typed is there again whenever a step
 * is come back to, and after a refusal.
 * @returns the new servers; none where the user gave up
 */
export async function addServers(context: CommandContext): Promise<McpServer[]> {
  const client = () => new AddingClient(context.process.client);
  let text = '';
  for (;;) {
    const source = await askForServers(client, text);
    if (!source) return [];
    if (source.from !== 'text') {
      return source.from === 'registry' ? browseRegistry(context) : importFromClients(context);
    }
    text = source.text;
    const [found] = source.servers;
    const added =
      source.servers.length === 1 && found
        ? await addOne(context, { text }, found)
        : await addSeveral(context, { text }, source.servers);
    if (added !== back) return added ?? [];
  }
}

/** Undefined where the user gave up, `back` where the text is to be changed. */
async function addOne(context: CommandContext, source: ImportSource, found: FoundServer) {
  const { t } = vscode.l10n;
  const title = t('Add MCP server');
  const answers = new Map<string, string>();
  const { missing_program: missing, questions } = found;
  const totalSteps = 2 + questions.length + (missing ? 1 : 0);
  const nameAt = missing ? 3 : 2;
  let name = found.name;
  let added: McpServer[] = [];
  const steps: Step[] = [
    ...(missing ? [missingStep(missing, { title, step: 2, totalSteps, canGoBack: true })] : []),
    async () => {
      const taken = context.inventory.servers.map((server) => server.name);
      const answer = await askText({
        ...{ title, step: nameAt, totalSteps, canGoBack: true, value: name },
        prompt: t('{0} · Its tools are listed under this name', found.summary),
        validate: (value) => validateName(value, taken, t),
      });
      if (typeof answer !== 'string') return answer;
      name = answer;
      return 'next';
    },
    ...answerSteps(questions, answers, { title, step: nameAt + 1, totalSteps, canGoBack: true }),
    async () => {
      const take = [{ entry_id: found.entry_id, name }];
      const imported = await importServers(context, { source, take, answers }).catch(showFailure);
      if (!imported || imported.length === 0) return back;
      added = imported;
      return 'next';
    },
  ];
  const outcome = await takeSteps(steps);
  return outcome === 'next' ? added : outcome;
}

async function addSeveral(
  context: CommandContext,
  source: ImportSource,
  servers: readonly FoundServer[],
) {
  const title = vscode.l10n.t('Add MCP servers');
  const group = { title: vscode.l10n.t('In the pasted text'), servers };
  const chosen = await chooseServers([group], { title, canGoBack: true });
  if (chosen === undefined || chosen === back) return chosen;
  const questions = questionsOf(chosen);
  const answers = new Map<string, string>();
  const place = { title, step: 1, totalSteps: questions.length };
  if ((await takeSteps(answerSteps(questions, answers, place))) !== 'next') return back;
  const take = chosen.map(({ entry_id, name }) => ({ entry_id, name }));
  return importServers(context, { source, take, answers });
}

async function showFailure(error: unknown): Promise<undefined> {
  void vscode.window.showErrorMessage(messageOf(error));
}
