import * as l10n from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import type { LinkStatus } from '../../src/contract/webview/messages.ts';
import { banner } from './banner.ts';
import type { WindowLink } from './windowLink.ts';

/** Says that the server is gone, and how it comes back; nothing while the window is connected. */
export function linkBanner(
  { status, message }: LinkStatus,
  link: WindowLink,
): TemplateResult | typeof nothing {
  const ask = (name: string) => () => void link.request('window', name, {}).catch(() => undefined);
  switch (status) {
    case 'connected':
      return nothing;
    case 'starting':
      return banner({
        severity: 'info',
        what: l10n.t('The vMCP server is starting. What you typed stays here.'),
      });
    default:
      return banner({
        severity: 'error',
        what: l10n.t('The vMCP server is not running. What you typed stays here.'),
        where: message,
        next: [
          { label: l10n.t('Start it again'), run: ask('restartServer') },
          { label: l10n.t('Show its log'), run: ask('openServerLog') },
        ],
      });
  }
}
