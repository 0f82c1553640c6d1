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
  consent_required: { icon: 'shield', iconColor: 'list.warningForeground' },
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
    contextValue: [contextValues.server, contextState(shown), ...trustMarks(server)].join('.'),
    collapsible: server.catalog ? 'collapsed' : 'none',
  };
}

/** Whether somebody has to do something before its tools can be used. */
export function needsAttention({ enabled, status, consent }: McpServer): boolean {
  if (consent.state === 'required') return true;
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

/** What of consent, sign-ins and secrets can be done at it. */
function trustMarks({ enabled, needs, consent, signed_in }: McpServer): string[] {
  return [
    ...(consent.state === 'required' ? ['wantsConsent'] : []),
    ...(consent.state === 'denied' ? ['denied'] : []),
    ...(enabled && needs?.kind === 'sign_in' ? ['wantsSignIn'] : []),
    ...(enabled && needs?.kind === 'secret' ? ['wantsSecret'] : []),
    ...(signed_in ? ['signedIn'] : []),
  ];
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
      return server.needs ? needText(server.needs, t) : t('needs authorization');
    case 'locked':
      return t('locked');
    case 'consent_required':
      return server.consent.state === 'denied' ? t('not allowed') : t('waits for you to allow it');
    case 'error':
      return t('failed');
    case 'disabled':
      return t('disabled');
  }
}

function needText(needs: NonNullable<McpServer['needs']>, t: Translate): string {
  return needs.kind === 'sign_in'
    ? t('wants you to sign in')
    : t('needs the secret {0}', needs.name);
}

function tooltip(server: McpServer, t: Translate): string {
  const lines = [`**${escapeMarkdown(server.name)}**`];
  if (server.description !== '') lines.push(escapeMarkdown(server.description));
  lines.push(escapeMarkdown(address(server)));
  if (server.consent.state !== 'given') lines.push(`$(shield) ${consentText(server, t)}`);
  if (server.signed_in) lines.push(signedInText(server.signed_in, t));
  if (server.last_error !== null) lines.push(`$(error) ${escapeMarkdown(server.last_error)}`);
  else if (server.status === 'disconnected') lines.push(t('Starts at its first use.'));
  return lines.join('\n\n');
}

function signedInText(signedIn: NonNullable<McpServer['signed_in']>, t: Translate): string {
  const { scope, expires_at } = signedIn;
  const rights = scope === null ? t('Signed in') : t('Signed in for {0}', escapeMarkdown(scope));
  if (expires_at === null) return `$(key) ${rights}`;
  const until = new Date(expires_at).toLocaleString();
  return `$(key) ${rights} · ${t('until {0}, then renewed', until)}`;
}

function consentText({ consent }: McpServer, t: Translate): string {
  return consent.state === 'denied'
    ? t('You did not allow it. It is not started.')
    : t('It was added or changed from outside VS Code, and is not started until you allow it.');
}

function address({ config }: McpServer): string {
  return 'url' in config ? config.url : [config.command, ...config.args].join(' ');
}
