import * as vscode from 'vscode';
import type { RegistryDetails } from '../../../contract/registry.ts';
import type { McpServer } from '../../../contract/servers.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import { messageOf } from '../../../serverLink/linkError.ts';
import { answerSteps } from '../../steps/askAnswers.ts';
import { askText } from '../../steps/askText.ts';
import { type Back, back, type Step, takeSteps } from '../../steps/back.ts';
import { pickOne } from '../../steps/pickOne.ts';
import type { CommandContext } from '../commandContext.ts';
import { validateName } from '../validateName.ts';
import { missingText } from './foundServerText.ts';
import { RegistryPick } from './pickRegistryServer.ts';
import { missingStep } from './warnOfMissing.ts';

type Option = RegistryDetails['options'][number];

/**
 * Searches the registry and adds what is chosen, with the answers that it needs.
 * @returns the new server; none where the user gave up
 */
export async function browseRegistry(context: CommandContext): Promise<McpServer[]> {
  const client = () => new AddingClient(context.process.client);
  let search = { search: '', category: '' };
  for (;;) {
    const pick = new RegistryPick(client, search);
    const chosen = await pick.show();
    search = pick.search;
    if (!chosen) return [];
    const server = await addChosen(context, await client().registryServer(chosen.registry_id));
    if (server !== back) return server ? [server] : [];
  }
}

/** `back` where another server is to be chosen. */
async function addChosen(
  context: CommandContext,
  details: RegistryDetails,
): Promise<McpServer | Back | undefined> {
  const [only] = details.options;
  if (details.options.length === 1 && only) return addOption(context, details, only);
  for (;;) {
    const option = await chooseOption(details);
    if (option === undefined || option === back) return option;
    const added = await addOption(context, details, option);
    if (added !== back) return added;
  }
}

async function chooseOption({
  title,
  options,
}: RegistryDetails): Promise<Option | Back | undefined> {
  const items = options.map((option) => ({
    label: `$(${option.transport_type === 'stdio' ? 'terminal' : 'globe'}) ${option.title}`,
    description: option.summary,
    ...(option.missing_program && {
      detail: `$(warning) ${missingText(option.missing_program, vscode.l10n.t)}`,
    }),
    option,
  }));
  const placeholder = vscode.l10n.t('Choose how it is run or reached');
  const chosen = await pickOne({ title, items, placeholder, canGoBack: true });
  return chosen === undefined || chosen === back ? chosen : chosen.option;
}

async function addOption(
  context: CommandContext,
  { registry_id, name: proposed, title: name }: RegistryDetails,
  { option_id, questions, missing_program: missing, summary }: Option,
): Promise<McpServer | Back | undefined> {
  const { t } = vscode.l10n;
  const title = t('Add {0}', name);
  const totalSteps = 1 + questions.length + (missing ? 1 : 0);
  const nameAt = missing ? 2 : 1;
  const place = { title, totalSteps, canGoBack: true };
  const answers = new Map<string, string>();
  let wanted = proposed;
  let added: McpServer | undefined;
  const steps: Step[] = [
    ...(missing ? [missingStep(missing, { ...place, step: 1 })] : []),
    async () => {
      const taken = context.inventory.servers.map((server) => server.name);
      const answer = await askText({
        ...{ ...place, step: nameAt, value: wanted },
        prompt: t('{0} · Its tools are listed under this name', summary),
        validate: (value) => validateName(value, taken, t),
      });
      if (typeof answer !== 'string') return answer;
      wanted = answer;
      return 'next';
    },
    ...answerSteps(questions, answers, { ...place, step: nameAt + 1 }),
    async () => {
      const body = { option_id, name: wanted, answers: Object.fromEntries(answers) };
      try {
        added = await new AddingClient(context.process.client).addRegistryServer(registry_id, body);
        return 'next';
      } catch (error) {
        void vscode.window.showErrorMessage(messageOf(error));
        return back;
      }
    },
  ];
  const outcome = await takeSteps(steps);
  return outcome === 'next' ? added : outcome;
}
