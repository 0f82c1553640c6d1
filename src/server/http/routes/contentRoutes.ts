import { storedResourceSchema } from '../../../contract/customItems.ts';
import type { ResourceContents } from '../../vmcp/custom/resourceContents.ts';
import { bodyLimits } from '../readBody.ts';
import { type Route, rawRoute, route } from './route.ts';

export interface ContentRouteDependencies {
  contents: ResourceContents;
}

/** What a client says of bytes that it knows nothing of. */
const unspecific = ['application/octet-stream', 'application/x-www-form-urlencoded'];

/** The files of custom resources, as they are. */
export function contentRoutes({ contents }: ContentRouteDependencies): Route[] {
  return [
    route('put', '/api/vmcps/{vmcp_id}/custom-resources/{name}/content', {
      summary: 'Make a file the content of a custom resource; its Content-Type becomes the type',
      takesRaw: true,
      bodyLimit: bodyLimits.content,
      reply: storedResourceSchema,
      handle: ({ params, raw }) => {
        const type = raw.type?.split(';', 1)[0]?.trim().toLowerCase();
        const isSpecific = type !== undefined && !unspecific.includes(type);
        return contents.put(
          params.vmcp_id,
          params.name,
          raw.content,
          isSpecific ? raw.type : undefined,
        );
      },
    }),
    rawRoute('get', '/api/vmcps/{vmcp_id}/custom-resources/{name}/content', {
      summary: 'Get the content of a custom resource',
      handle: ({ params }) => {
        const { mimeType, bytes, content } = contents.get(params.vmcp_id, params.name);
        return { type: mimeType, bytes, content };
      },
    }),
  ];
}
