import { type InspectorContext, inspectorContextSchema } from '../../contract/webview/inspector.ts';
import { commonActions } from './commonActions.ts';
import type { PageKind } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';

/** Tries tools, prompts and resources of a server or a vMCP. */
export function inspectorPage({ inventory }: PageServices): PageKind<InspectorContext> {
  const ownerOf = ({ of, id }: InspectorContext) =>
    of === 'server' ? inventory.server(id)?.name : inventory.vmcp(id)?.name;
  return {
    id: 'inspector',
    context: inspectorContextSchema,
    title: (context) => [context.name, ownerOf(context)].filter(Boolean).join(' – '),
    known: ({ of, id, item, name }) => {
      const offer = of === 'server' ? inventory.readOffer(id) : undefined;
      const found = offer?.[`${item}s`].find((one) => (one.uri ?? one.name) === name);
      return found ?? null;
    },
    operations: [
      'getCatalog',
      'connectServer',
      'listTemplateNames',
      'callTool',
      'getPrompt',
      'readResource',
      'callServerTool',
      'getServerPrompt',
      'readServerResource',
    ],
    actions: commonActions,
    follows: (event, { of, id }) =>
      of === 'server'
        ? event.type === 'server.catalog' && event.server_id === id
        : event.type === 'vmcp.lists' && event.vmcp_id === id,
  };
}
