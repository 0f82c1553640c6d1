import type { McpServer } from '../../contract/servers.ts';
import { contextValues } from '../ids.ts';
import type { Translate } from '../translate.ts';
import { escapeMarkdown, type TreeEntry } from './treeEntry.ts';

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
  return {
    id: server.server_id,
    label: server.name,
    description: [statusText(shown, t), countText(server, t)].filter((text) => text).join(' · '),
    tooltip: tooltip(server, t),
    ...icons[shown],
    contextValue: `${contextValues.server}.${contextState(shown)}`,
    collapsible: server.catalog ? 'collapsed' : 'none',
  };
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
function statusText(shown: Shown, t: Translate): string {
  switch (shown) {
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

function countText(server: McpServer, t: Translate): string {
  if (!server.catalog) return '';
  const { tools } = server.catalog;
  return tools === 1 ? t('1 tool') : t('{0} tools', tools);
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
