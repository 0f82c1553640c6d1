import type { LinkState } from '../serverLink/serverLink.ts';
import type { Translate } from './translate.ts';

export interface StatusText {
  text: string;
  tooltip: string;
  failed: boolean;
}

/** What the status bar says of the server. @param counts `problems`: names of servers that need somebody */
export function statusText(
  state: LinkState,
  counts: { vmcps: number; problems: readonly string[] },
  t: Translate,
): StatusText {
  switch (state.status) {
    case 'connected': {
      const running = t('vMCP runs at http://127.0.0.1:{0}', state.server.port);
      const vmcps = t('{0} virtual MCP servers', counts.vmcps);
      const { problems } = counts;
      const attention = problems.length > 0 ? [t('Needs attention: {0}', problems.join(', '))] : [];
      return {
        text: problems.length > 0 ? `$(warning) vMCP ${problems.length}` : '$(layers) vMCP',
        tooltip: [running, vmcps, ...attention].join('\n'),
        failed: false,
      };
    }
    case 'failed':
      return { text: '$(error) vMCP', tooltip: state.error.message, failed: true };
    case 'starting':
      return { text: '$(sync~spin) vMCP', tooltip: t('vMCP is starting'), failed: false };
    case 'closed':
      return { text: '$(circle-slash) vMCP', tooltip: t('vMCP has ended'), failed: false };
  }
}
