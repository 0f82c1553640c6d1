import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import type { VmcpTemplate } from '../../contract/vmcps.ts';
import { AddingClient } from '../../serverLink/addingClient.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { askText } from '../steps/askText.ts';
import { back, type Step, takeSteps } from '../steps/back.ts';
import { pickMany, pickOne } from '../steps/pickOne.ts';
import type { CommandContext } from './commandContext.ts';
import { connectServers } from './connectServer.ts';
import { serverItem } from './pickers.ts';
import { validateName } from './validateName.ts';
import { whenConnected } from './whenConnected.ts';

/** What a new vMCP begins with; `chosen`: the servers that the user ticks. */
type Beginning = VmcpTemplate | 'chosen';

/** Asks for a name and for what it begins with, then creates a vMCP. */
export async function createVmcp(context: CommandContext): Promise<void> {
  const { t } = vscode.l10n;
  await whenConnected(context.process);
  const { servers } = context.inventory;
  const title = t('Create virtual MCP server');
  const place = servers.length === 0 ? { title } : { title, totalSteps: 2 };
  let name = '';
  let beginning: Beginning = servers.length === 0 ? 'blank' : 'all';
  let chosen: readonly McpServer[] | undefined;
  const steps: Step[] = [
    async () => {
      const taken = context.inventory.vmcps.map((vmcp) => vmcp.name);
      const answer = await askText({
        ...place,
        ...(servers.length > 0 && { step: 1 }),
        value: name,
        prompt: t('MCP clients see it under this name'),
        validate: (value) => validateName(value, taken, t),
      });
      if (typeof answer !== 'string') return answer;
      name = answer;
      return 'next';
    },
    async () => {
      if (servers.length === 0) return 'next';
      const items = beginnings(servers.length);
      const active = items.find((item) => item.beginning === beginning);
      const placeholder = t('Choose what it begins with; everything can be changed later');
      const at = { ...place, step: 2, canGoBack: true };
      const answer = await pickOne({ ...at, items, placeholder, active });
      if (typeof answer !== 'object') return answer;
      beginning = answer.beginning;
      return 'next';
    },
    async () => {
      chosen = undefined;
      if (beginning !== 'chosen') return 'next';
      const items = servers.map(serverItem);
      const placeholder = t('Choose the MCP servers whose tools it offers');
      const answer = await pickMany({ title, items, placeholder, picked: [], canGoBack: true });
      if (answer === undefined || answer === back) return answer;
      chosen = answer.map(({ server }) => server);
      return 'next';
    },
    async () => {
      try {
        await create(context, name, beginning, chosen);
        return 'next';
      } catch (error) {
        void vscode.window.showErrorMessage(messageOf(error));
        return back;
      }
    },
  ];
  await takeSteps(steps);
}

function beginnings(count: number): (vscode.QuickPickItem & { beginning: Beginning })[] {
  const { t } = vscode.l10n;
  return [
    {
      label: t('All servers'),
      description: t('Every MCP server with all its tools ({0})', count),
      beginning: 'all',
    },
    {
      label: t('Read-only tools'),
      description: t('Of all servers the tools that say they change nothing'),
      beginning: 'read_only',
    },
    {
      label: t('Chosen servers…'),
      description: t('Tick the servers that it holds'),
      beginning: 'chosen',
    },
    { label: t('Blank'), description: t('Nothing yet'), beginning: 'blank' },
  ];
}

async function create(
  context: CommandContext,
  name: string,
  beginning: Beginning,
  chosen: readonly McpServer[] | undefined,
): Promise<void> {
  if (beginning === 'read_only') {
    // What a server says of its tools is known after its first connection only.
    const unknown = context.inventory.servers.filter(({ enabled, catalog }) => enabled && !catalog);
    if (unknown.length > 0) await connectServers(context, unknown);
  }
  const { notes } = await new AddingClient(context.process.client).createFromTemplate({
    name,
    template: beginning === 'chosen' ? 'all' : beginning,
    ...(chosen && { server_ids: chosen.map(({ server_id }) => server_id) }),
  });
  if (notes.length > 0) void vscode.window.showWarningMessage(notes.join(' '));
}
