import * as vscode from 'vscode';
import type { Client } from '../../../contract/clientFiles.ts';
import type { Vmcp } from '../../../contract/vmcps.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import { type Step, takeSteps } from '../../steps/back.ts';
import { pickOne } from '../../steps/pickOne.ts';
import type { CommandContext } from '../commandContext.ts';
import { pickForm } from './pickTarget.ts';

/** Names of products, which are the same in every language. */
const clients: { label: string; client: Client }[] = [
  { label: 'VS Code', client: 'vscode' },
  { label: 'Claude Desktop', client: 'claude-desktop' },
  { label: 'Claude Code', client: 'claude-code' },
  { label: 'Cursor', client: 'cursor' },
  { label: 'Windsurf', client: 'windsurf' },
  { label: 'Codex', client: 'codex' },
  { label: 'Copilot CLI', client: 'copilot-cli' },
];

/** Puts a vMCP's entry for a client's configuration into the clipboard. */
export async function copyEntry({ process }: CommandContext, vmcp: Vmcp): Promise<void> {
  const { t } = vscode.l10n;
  const title = t('Copy the configuration entry of {0}', vmcp.name);
  let client: Client | undefined;
  let form: 'launcher' | 'url' = 'launcher';
  const steps: Step[] = [
    async () => {
      const other = { label: t('Another client (mcpServers)'), client: 'cursor' as const };
      const items = [...clients, other];
      const chosen = await pickOne({ title, items, placeholder: t('Choose the client') });
      if (typeof chosen !== 'object') return chosen;
      client = chosen.client;
      return 'next';
    },
    async () => {
      const chosen = await pickForm({ title, canGoBack: true });
      if (typeof chosen !== 'string') return chosen;
      form = chosen;
      return 'next';
    },
  ];
  if ((await takeSteps(steps)) !== 'next' || !client) return;
  const body = { vmcp_id: vmcp.vmcp_id, client, form };
  const { text } = await new AddingClient(process.client).entry(body);
  await vscode.env.clipboard.writeText(text);
  const copied = t('Configuration entry of {0} copied', vmcp.name);
  vscode.window.setStatusBarMessage(copied, 4000);
}

/** Puts a link into the clipboard by which VS Code asks whether to add the vMCP to its own file. */
export async function copyInstallLink({ process }: CommandContext, vmcp: Vmcp): Promise<void> {
  const body = { vmcp_id: vmcp.vmcp_id, client: 'vscode', form: 'launcher' } as const;
  const { install_link } = await new AddingClient(process.client).entry(body);
  await vscode.env.clipboard.writeText(install_link ?? '');
  const copied = vscode.l10n.t('Install link of {0} copied', vmcp.name);
  vscode.window.setStatusBarMessage(copied, 4000);
}
