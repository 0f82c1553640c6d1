import type { McpServer } from '../../contract/servers.ts';
import { contextValues } from '../ids.ts';
import type { Translate } from '../translate.ts';
import { tokensText, toolsText } from './partEntry.ts';
import { escapeMarkdown, firstLine, joined, type TreeEntry } from './treeEntry.ts';

type Shown = McpServer['status'] | 'disabled';

const icons: Record<Shown, { icon: string; iconColor?: string }> = {
  connected: { icon: 'pass-filled', iconColor: 'testing.iconPassed' },
  connecting: { icon: 'loading~spin' },
  disconnected: { icon: 'circle-large-outline' },
  auth_required: { icon: 'key', iconColor: 'list.warningForeground' },
  locked: { icon: 'lock', iconColor: 'list.warningForeground' },
  error: { icon: 'error', iconColor: 'list.errorForeground' },
  disabled: { icon: 'circle-slash', iconColor: 'disabledForeground' },
};

/** A server in the view *MCP servers*. */
export function serverEntry(server: McpServer, t: Translate): TreeEntry {
  const shown = shownStatus(server);
  const { catalog } = server;
  return {
    label: server.name,
    description: joined(
      statusText(server, t),
      catalog ? toolsText(catalog.tools, t) : undefined,
      catalog && catalog.tools > 0 ? tokensText(catalog.tokens, t) : undefined,
    ),
    ...(server.last_error !== null && { alsoSaid: firstLine(server.last_error) }),
    tooltip: tooltip(server, t),
    ...icons[shown],
    contextValue: `${contextValues.server}.${contextState(shown)}`,
    collapsible: server.catalog ? 'collapsed' : 'none',
  };
}

/** Whether somebody has to do something before its tools can be used. */
export function needsAttention({ enabled, status }: McpServer): boolean {
  return enabled && (status === 'error' || status === 'auth_required' || status === 'locked');
}

/** The icon of a server's state, also where a vMCP shows the server. */
export function serverIcon(server: McpServer): { icon: string; iconColor?: string } {
  return icons[shownStatus(server)];
}

function shownStatus(server: McpServer): Shown {
  return server.enabled ? server.status : 'disabled';
}

function contextState(shown: Shown): 'connected' | 'idle' | 'disabled' {
  if (shown === 'disabled') return 'disabled';
  return shown === 'connected' || shown === 'connecting' ? 'connected' : 'idle';
}

/** A server that is not running is nothing to mention: it starts at its first use. */
export function statusText(server: McpServer, t: Translate): string {
  switch (shownStatus(server)) {
    case 'connected':
      return t('running');
    case 'connecting':
      return t('starting');
    case 'disconnected':
      return '';
    case 'auth_required':
      return t('needs authorization');
    case 'locked':
      return t('locked');
    case 'error':
      return t('failed');
    case 'disabled':
      return t('disabled');
  }
}

function tooltip(server: McpServer, t: Translate): string {
  const lines = [`**${escapeMarkdown(server.name)}**`];
  if (server.description !== '') lines.push(escapeMarkdown(server.description));
  lines.push(escapeMarkdown(address(server)));
  if (server.last_error !== null) lines.push(`$(error) ${escapeMarkdown(server.last_error)}`);
  else if (server.status === 'disconnected') lines.push(t('Starts at its first use.'));
  return lines.join('\n\n');
}

function address({ config }: McpServer): string {
  return 'url' in config ? config.url : [config.command, ...config.args].join(' ');
}
