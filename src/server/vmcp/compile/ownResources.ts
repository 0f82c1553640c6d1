import type { StoredResource } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { ownItems } from '../../../contract/vmcps.ts';
import type { ResourceRoute } from './compiledVmcp.ts';

/** A vMCP's own resources, as listed and for looking up. */
export interface OwnResources {
  shown: JsonObject[];
  /** Lists of one, as `resolveResource` answers. */
  byUri: ReadonlyMap<string, readonly ResourceRoute[]>;
  byName: ReadonlyMap<string, ResourceRoute>;
}

export function compileOwnResources(resources: readonly StoredResource[]): OwnResources {
  const routes = resources.map((own) => ({ serverId: ownItems, uri: own.uri, own }));
  return {
    shown: resources.map(shownResource),
    byUri: new Map(routes.map((route) => [route.uri, [route]])),
    byName: new Map(routes.map((route) => [route.own.name, route])),
  };
}

function shownResource(resource: StoredResource): JsonObject {
  const { uri, name, title, description, mime_type, text, file } = resource;
  return {
    ...{ uri, name, mimeType: mime_type },
    ...(title !== undefined && { title }),
    ...(description !== '' && { description }),
    size: file?.bytes ?? Buffer.byteLength(text ?? ''),
  };
}
