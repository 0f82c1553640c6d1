import * as vscode from 'vscode';
import type { ClientToken } from '../../contract/admin.ts';
import { ReviewClient } from '../../serverLink/reviewClient.ts';
import type { CommandContext } from './commandContext.ts';
import { reachable } from './copyCommands.ts';
import { ask, pickVmcp } from './pickers.ts';
import { whenConnected } from './whenConnected.ts';

interface TokenItem extends vscode.QuickPickItem {
  /** Undefined: a new one. */
  token?: ClientToken;
}

/** Lists the tokens that open MCP addresses: to copy an address, make one, withdraw one. */
export async function manageClientTokens(
  context: CommandContext,
  vmcpId: string | undefined,
): Promise<void> {
  await whenConnected(context.process);
  const client = new ReviewClient(context.process.client);
  for (;;) {
    const chosen = await choose(itemsOf(context, await client.tokens(), vmcpId));
    if (!chosen) return;
    if (chosen.withdraw) {
      await withdraw(client, chosen.withdraw);
      continue;
    }
    const token = chosen.item.token ?? (await create(context, client, vmcpId));
    if (token) await copyAddress(context, token, vmcpId);
    return;
  }
}

interface Choice {
  item: TokenItem;
  /** Its button was pressed. */
  withdraw?: ClientToken;
}

async function choose(items: TokenItem[]): Promise<Choice | undefined> {
  const picker = vscode.window.createQuickPick<TokenItem>();
  picker.title = vscode.l10n.t('Client tokens');
  picker.placeholder = vscode.l10n.t('Choose one to copy its address');
  picker.items = items;
  try {
    return await new Promise<Choice | undefined>((resolve) => {
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        resolve(item && { item });
      });
      picker.onDidTriggerItemButton(({ item }) => {
        if (item.token) resolve({ item, withdraw: item.token });
      });
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

function itemsOf(
  { inventory }: CommandContext,
  tokens: readonly ClientToken[],
  vmcpId: string | undefined,
): TokenItem[] {
  const { t } = vscode.l10n;
  const withdrawButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: t('Withdraw') };
  const shown = tokens.filter(({ vmcp_id }) => !vmcpId || !vmcp_id || vmcp_id === vmcpId);
  return [
    { label: `$(add) ${t('New client token…')}`, alwaysShow: true },
    ...shown.map((token): TokenItem => {
      const { name, vmcp_id, last_used } = token;
      const bound = vmcp_id === null ? undefined : inventory.vmcp(vmcp_id)?.name;
      const used = last_used === null ? undefined : new Date(last_used).toLocaleString();
      return {
        label: `$(key) ${name}`,
        description: bound ?? t('all virtual MCP servers'),
        detail: used ? t('last used {0}', used) : t('not used yet'),
        buttons: [withdrawButton],
        token,
      };
    }),
  ];
}

async function withdraw(client: ReviewClient, { token_id, name }: ClientToken): Promise<void> {
  const confirm = vscode.l10n.t('Withdraw');
  const detail = vscode.l10n.t('Clients that use its address lose their connection at once.');
  const question = vscode.l10n.t('Withdraw the client token “{0}”?', name);
  const options = { modal: true, detail };
  if ((await vscode.window.showWarningMessage(question, options, confirm)) !== confirm) return;
  await client.withdrawToken(token_id);
}

/** Of one vMCP where the command was called on it, else of the one that is chosen, or all. */
async function create(
  { inventory }: CommandContext,
  client: ReviewClient,
  vmcpId: string | undefined,
): Promise<ClientToken | undefined> {
  const { t } = vscode.l10n;
  const name = await ask({
    title: t('New client token'),
    prompt: t('Who gets it? You withdraw it by this name.'),
    validateInput: (value) =>
      /^[A-Za-z0-9 _-]{1,64}$/.test(value.trim())
        ? undefined
        : t('1 to 64 letters, digits, spaces, _ and -'),
  });
  if (name === undefined) return undefined;
  if (vmcpId !== undefined) return client.createToken(name.trim(), vmcpId);
  const all = { label: `$(globe) ${t('All virtual MCP servers')}`, vmcpId: null };
  const items: { label: string; vmcpId: string | null }[] = inventory.vmcps.map((vmcp) => {
    return { label: `$(layers) ${vmcp.name}`, vmcpId: vmcp.vmcp_id };
  });
  const placeHolder = t('What does it open?');
  const chosen = await vscode.window.showQuickPick([...items, all], { placeHolder });
  return chosen && client.createToken(name.trim(), chosen.vmcpId);
}

async function copyAddress(
  { process, inventory }: CommandContext,
  { token, name, vmcp_id }: ClientToken,
  vmcpId: string | undefined,
): Promise<void> {
  const port = process.server?.port;
  const target = vmcp_id ?? vmcpId ?? (await pickVmcp(inventory, undefined))?.vmcp_id;
  if (port === undefined || target === undefined) return;
  const url = await reachable(`http://127.0.0.1:${port}/t/${token}/mcp/${target}`);
  await vscode.env.clipboard.writeText(url);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Address of {0} copied', name), 4000);
}
