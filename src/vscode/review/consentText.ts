import type { McpServer } from '../../contract/servers.ts';
import type { Translate } from '../translate.ts';
import { visibleArgument, visibleJson, withoutLinks } from './plainSight.ts';

/** The question whether a server may be used: the whole command, or the address. */
export function consentQuestion({ name, config }: McpServer, t: Translate): string {
  const who = t('The MCP server “{0}” was added or changed from outside VS Code.', name);
  if ('url' in config) {
    return withoutLinks([who, t('vMCP would connect to {0}', config.url)].join(' '));
  }
  const command = [config.command, ...config.args].map(visibleArgument).join(' ');
  const names = Object.keys(config.env);
  return withoutLinks(
    [
      who,
      t('It would run this program with your rights: {0}', command),
      ...(names.length > 0 ? [t('(environment: {0})', names.join(', '))] : []),
      ...(config.cwd === undefined ? [] : [t('(in {0})', visibleArgument(config.cwd))]),
    ].join(' '),
  );
}

/** The same as a document. */
export function consentDocument({ name, transport_type, config }: McpServer): string {
  const shown =
    'url' in config
      ? { url: config.url, headers: Object.keys(config.headers) }
      : { ...config, env: Object.keys(config.env) };
  return `${visibleJson({ name, transport_type, ...shown })}\n`;
}
