import * as vscode from 'vscode';
import { joinCommandLine } from '../../contract/commandLine.ts';
import {
  type McpServer,
  type StdioConfig,
  startModeSchema,
  type UpdateServer,
} from '../../contract/servers.ts';
import { AddingClient } from '../../serverLink/addingClient.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { askForAuth } from './askForAuth.ts';
import type { CommandContext } from './commandContext.ts';
import { editEntries } from './editEntries.ts';
import { ask } from './pickers.ts';
import { validateName } from './validateName.ts';

interface Field extends vscode.QuickPickItem {
  /** Asks for the new value; undefined where the user gave up. */
  edit: () => Promise<UpdateServer | undefined>;
}

/** Shows what can be changed of a server, and writes what was changed. */
export async function editServer(context: CommandContext, server: McpServer): Promise<void> {
  const title = vscode.l10n.t('Edit {0}', server.name);
  const field = await vscode.window.showQuickPick(fieldsOf(context, server), {
    title,
    placeHolder: vscode.l10n.t('Choose what to change'),
  });
  const change = await field?.edit();
  if (change) await context.process.client.updateServer(server.server_id, change);
}

/** Asks for another name, and writes it. */
export async function renameServer(context: CommandContext, server: McpServer): Promise<void> {
  const change = await askForName(context, server);
  if (change) await context.process.client.updateServer(server.server_id, change);
}

async function askForName(
  { inventory }: CommandContext,
  { server_id, name }: McpServer,
): Promise<UpdateServer | undefined> {
  const { t } = vscode.l10n;
  const others = inventory.servers.filter((server) => server.server_id !== server_id);
  const taken = others.map((server) => server.name);
  const validateInput = (value: string) => validateName(value.trim(), taken, t);
  const answer = await ask({ title: t('Rename {0}', name), value: name, validateInput });
  return answer === undefined ? undefined : { name: answer.trim() };
}

function fieldsOf(context: CommandContext, server: McpServer): Field[] {
  const { t } = vscode.l10n;
  const { config } = server;
  return [
    { label: t('Name'), description: server.name, edit: () => askForName(context, server) },
    {
      label: t('Description'),
      description: server.description,
      edit: async () => {
        const description = await ask({ title: t('Description'), value: server.description });
        return description === undefined ? undefined : { description };
      },
    },
    ...('url' in config ? remoteFields(context, server, config) : stdioFields(context, config)),
    {
      label: t('Start'),
      description: startItems().find(({ mode }) => mode === server.start)?.label ?? '',
      edit: async () => {
        const start = await vscode.window.showQuickPick(startItems(), { title: t('Start') });
        return start && { start: start.mode };
      },
    },
  ];
}

function stdioFields(context: CommandContext, config: StdioConfig): Field[] {
  const { t } = vscode.l10n;
  const line = joinCommandLine([config.command, ...config.args]);
  return [
    {
      label: t('Command line'),
      description: line,
      edit: async () => {
        const changed = await askForAddress(context, t('Command line'), line);
        if (changed === undefined) return undefined;
        const { command, args, env } = changed as StdioConfig;
        return { config: { ...config, command, args, env: { ...config.env, ...env } } };
      },
    },
    {
      label: t('Environment variables'),
      description: Object.keys(config.env).join(', '),
      edit: async () => {
        const env = await editEntries(t('Environment variables'), config.env);
        return env && { config: { ...config, env } };
      },
    },
    {
      label: t('Working directory'),
      description: config.cwd ?? '',
      edit: async () => {
        const cwd = await ask({ title: t('Working directory'), value: config.cwd ?? '' });
        if (cwd === undefined) return undefined;
        const { cwd: _, ...rest } = config;
        return { config: cwd.trim() === '' ? rest : { ...rest, cwd: cwd.trim() } };
      },
    },
  ];
}

function remoteFields(
  context: CommandContext,
  server: McpServer,
  config: Extract<McpServer['config'], { url: string }>,
): Field[] {
  const { t } = vscode.l10n;
  return [
    {
      label: t('URL'),
      description: config.url,
      edit: async () => {
        const changed = await askForAddress(context, t('URL'), config.url);
        return changed && 'url' in changed
          ? { config: { ...config, url: changed.url } }
          : undefined;
      },
    },
    {
      label: t('Headers'),
      description: Object.keys(config.headers).join(', '),
      edit: async () => {
        const headers = await editEntries(t('Headers'), config.headers);
        return headers && { config: { ...config, headers } };
      },
    },
    {
      label: t('Authorization'),
      description: server.auth.type,
      edit: async () => {
        const auth = await askForAuth(t('Authorization'), context.process.server?.port);
        return auth && { auth };
      },
    },
  ];
}

/** A command line or a URL, as when a server is added; the same kind as before. */
async function askForAddress(
  { process }: CommandContext,
  title: string,
  value: string,
): Promise<McpServer['config'] | undefined> {
  const wanted = /^https?:/.test(value) ? 'url' : 'command';
  const read = (text: string) => new AddingClient(process.client).preview({ text });
  const text = await ask({
    title,
    value,
    validateInput: async (input) => {
      try {
        const { kind } = await read(input);
        if (kind === wanted) return undefined;
        return wanted === 'url'
          ? vscode.l10n.t('Not a URL.')
          : vscode.l10n.t('Not a command line.');
      } catch (error) {
        return messageOf(error);
      }
    },
  });
  return text === undefined ? undefined : (await read(text)).servers[0]?.server?.config;
}

function startItems() {
  const { t } = vscode.l10n;
  const details = {
    onUse: t('At its first use'),
    onList: t('When a virtual MCP server that holds it is listed'),
    always: t('With vMCP'),
  };
  return startModeSchema.options.map((mode) => ({ label: details[mode], mode }));
}
