import * as vscode from 'vscode';
import type { ImportedOperation, ToolImport } from '../../contract/toolImport.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { readToolImport } from '../../serverLink/customItems.ts';
import type { CommandContext } from './commandContext.ts';
import { ask } from './pickers.ts';

/** Makes HTTP tools of an OpenAPI document, a Postman collection or curl lines. */
export async function importTools(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const source = await askForSource();
  if (!source) return;
  const taken_names = vmcp.custom_tools.map(({ name }) => name);
  const imported = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Reading the document'),
    },
    () => readToolImport(context.process.client, { ...source, taken_names }),
  );
  const chosen = await chooseOperations(imported);
  if (!chosen || chosen.length === 0) return;
  const tools = chosen.flatMap(({ tool }) => (tool ? [tool] : []));
  const { client } = context.process;
  const { custom_tools, active_config, secret_keys } = await client.vmcp(vmcp.vmcp_id);
  const isNew = (key: string) => !Object.hasOwn(active_config, key);
  const secrets = imported.secrets.filter(({ key }) => isNew(key));
  const config = Object.entries(imported.config).filter(([key]) => isNew(key));
  const added = { ...Object.fromEntries(config), ...(await askForSecrets(secrets)) };
  await client.updateVmcp(vmcp.vmcp_id, {
    custom_tools: [...custom_tools, ...tools],
    active_config: { ...active_config, ...(added as typeof active_config) },
    secret_keys: [...secret_keys, ...secrets.map(({ key }) => key)],
  });
  await report(imported, chosen);
}

/** What was typed or pasted (curl lines), or the text of a file; undefined where the user gave up. */
async function askForSource(): Promise<{ text: string; source_url?: string } | undefined> {
  const { t } = vscode.l10n;
  const file = { label: `$(file) ${t('File')}`, detail: t('OpenAPI or Postman, JSON or YAML') };
  const curl = { label: `$(terminal) ${t('curl line')}`, detail: t('As copied from a browser') };
  const clipboard = { label: `$(clippy) ${t('Clipboard')}`, detail: t('Any of these as text') };
  const title = t('Import HTTP tools');
  const chosen = await vscode.window.showQuickPick([file, curl, clipboard], { title });
  if (chosen === clipboard) return { text: await vscode.env.clipboard.readText() };
  if (chosen === curl) {
    const text = await ask({ title, prompt: t('A curl line'), placeHolder: 'curl https://…' });
    return text === undefined ? undefined : { text };
  }
  if (chosen !== file) return undefined;
  const [uri] = (await vscode.window.showOpenDialog({ title })) ?? [];
  if (!uri) return undefined;
  return { text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
}

async function chooseOperations({
  title,
  operations,
}: ToolImport): Promise<ImportedOperation[] | undefined> {
  const { t } = vscode.l10n;
  const usable = operations.filter(({ tool }) => tool !== undefined);
  if (usable.length === 0) {
    const [first] = operations;
    const why = first?.skipped ?? t('There are no operations in it.');
    throw new Error(t('Nothing of “{0}” can be imported: {1}', title, why));
  }
  const items = usable.map((operation) => ({
    label: operation.operation,
    description: operation.tool?.name ?? '',
    detail: [...operation.folder, ...operation.notes.map((note) => `$(warning) ${note}`)].join(
      '  ',
    ),
    picked: usable.length <= 20,
    operation,
  }));
  const skipped = operations.length - usable.length;
  const placeHolder =
    skipped === 0
      ? t('Choose the operations that become tools')
      : t('Choose the operations that become tools; {0} cannot', skipped);
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, placeHolder, canPickMany: true, ignoreFocusOut: true },
    ...{ matchOnDescription: true, matchOnDetail: true },
  });
  return chosen?.map(({ operation }) => operation);
}

/** Credentials are never taken over; one that is left out can be put in later. */
async function askForSecrets(secrets: ToolImport['secrets']): Promise<Record<string, string>> {
  const given: [string, string][] = [];
  for (const { key, description } of secrets) {
    const value = await ask({
      title: vscode.l10n.t('Import HTTP tools'),
      prompt: vscode.l10n.t('Secret “{0}”: {1}. Nothing leaves it open.', key, description),
      password: true,
    });
    given.push([key, value ?? '']);
  }
  return Object.fromEntries(given);
}

/** Says what could not be taken over as it is, in a document that can be kept. */
async function report(imported: ToolImport, chosen: readonly ImportedOperation[]): Promise<void> {
  const { t } = vscode.l10n;
  const remarks = [
    ...imported.notes.map((note) => `- ${note}`),
    ...[...chosen, ...imported.operations.filter(({ skipped }) => skipped !== undefined)].flatMap(
      ({ operation, notes, skipped }) =>
        [...notes, ...(skipped === undefined ? [] : [t('Left out: {0}', skipped)])].map(
          (note) => `- ${operation}: ${note}`,
        ),
    ),
  ];
  const message = t('{0} tools were imported from “{1}”.', chosen.length, imported.title);
  if (remarks.length === 0) {
    void vscode.window.showInformationMessage(message);
    return;
  }
  const show = t('Show {0} remarks', remarks.length);
  if ((await vscode.window.showInformationMessage(message, show)) !== show) return;
  const content = [`# ${imported.title}`, message, remarks.join('\n')].join('\n\n');
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
}
