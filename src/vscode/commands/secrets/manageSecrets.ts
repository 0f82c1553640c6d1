import * as vscode from 'vscode';
import { type NamedSecret, secretNameSchema } from '../../../contract/namedSecrets.ts';
import { TrustClient } from '../../../serverLink/trustClient.ts';
import type { CommandContext } from '../commandContext.ts';
import { ask } from '../pickers.ts';

const reference = `\${secret:NAME}`;

/** Lists the secrets, missing ones first, with who uses them; one can be set, deleted or added. */
export async function manageSecrets(context: CommandContext): Promise<void> {
  const { t } = vscode.l10n;
  const title = t('Secrets');
  const trust = new TrustClient(context.process.client);
  const secrets = await trust.secrets();
  const add = { label: `$(add) ${t('Add secret…')}`, secret: undefined };
  const missing = missingIn(context).map((secret) => ({
    ...itemOf(context, secret),
    label: `$(warning) ${secret.name}`,
    description: t('not set, needed by {0}', usersOf(context, secret.used_by)),
    buttons: [],
  }));
  const items = [...missing, ...secrets.map((secret) => itemOf(context, secret)), add];
  const pick = vscode.window.createQuickPick<(typeof items)[number]>();
  Object.assign(pick, { title, items, ignoreFocusOut: true });
  pick.placeholder = t('Configurations of MCP servers refer to them as {0}', reference);
  try {
    const chosen = await new Promise<(() => Promise<unknown>) | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const [item] = pick.activeItems;
        if (item) resolve(() => setSecret(context, item.secret?.name));
      });
      pick.onDidTriggerItemButton(({ item: { secret } }) => {
        if (secret) resolve(() => deleteSecret(context, secret));
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    pick.hide();
    await chosen?.();
  } finally {
    pick.dispose();
  }
}

/** Asks for the value, and for the name where none is given. @returns whether it was set */
export async function setSecret({ process }: CommandContext, given?: string): Promise<boolean> {
  const { t } = vscode.l10n;
  const title = given === undefined ? t('Add secret') : t('Set secret {0}', given);
  const name = given ?? (await askForName(title));
  if (name === undefined) return false;
  const value = await ask({ title, prompt: t('Value of {0}', name), password: true });
  if (value === undefined || value === '') return false;
  await new TrustClient(process.client).setSecret(name, value);
  vscode.window.setStatusBarMessage(t('Secret {0} is set', name), 4000);
  return true;
}

async function deleteSecret(context: CommandContext, secret: NamedSecret): Promise<void> {
  const { t } = vscode.l10n;
  const { name, used_by } = secret;
  const remove = t('Delete');
  const detail =
    used_by.length === 0
      ? t('No MCP server uses it.')
      : t('Used by {0}', usersOf(context, used_by));
  const options = { modal: true, detail };
  const question = t('Delete the secret “{0}”? Its value cannot be restored.', name);
  if ((await vscode.window.showWarningMessage(question, options, remove)) !== remove) return;
  await new TrustClient(context.process.client).deleteSecret(name);
}

/** What servers have been found to lack. */
function missingIn({ inventory }: CommandContext): NamedSecret[] {
  const byName = new Map<string, NamedSecret>();
  for (const { server_id, needs } of inventory.servers) {
    if (needs?.kind !== 'secret') continue;
    const { name } = needs;
    byName.set(name, { name, used_by: [...(byName.get(name)?.used_by ?? []), server_id] });
  }
  return [...byName.values()];
}

function itemOf(context: CommandContext, secret: NamedSecret) {
  const { t } = vscode.l10n;
  const { name, used_by } = secret;
  return {
    label: `$(key) ${name}`,
    description: used_by.length === 0 ? t('not used') : t('used by {0}', usersOf(context, used_by)),
    buttons: [{ iconPath: new vscode.ThemeIcon('trash'), tooltip: t('Delete') }],
    secret,
  };
}

function usersOf({ inventory }: CommandContext, ids: readonly string[]): string {
  return ids.map((id) => inventory.server(id)?.name ?? id).join(', ');
}

async function askForName(title: string): Promise<string | undefined> {
  const validateInput = (value: string) => {
    const { error } = secretNameSchema.safeParse(value.trim());
    return error ? vscode.l10n.t('Use 1 to 64 of the characters A–Z a–z 0–9 _ . -') : undefined;
  };
  return (await ask({ title, prompt: vscode.l10n.t('Name'), validateInput }))?.trim();
}
