import type { JsonObject } from '../../../contract/json.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import type { NameClaim } from '../../store/records.ts';
import { originOf, serverOf } from '../naming/claimLedger.ts';
import { assignUris, type UriAssignment } from '../naming/uris.ts';
import { compileOwnResources, type OwnResources } from './ownResources.ts';
import { ResourceMap } from './resourceMap.ts';
import { type CompileIssue, missingSelections, type ServerPart, selector } from './serverPart.ts';
import { distinctEntries } from './wellFormed.ts';

export interface CompiledResources {
  resources: JsonObject[];
  resourceTemplates: JsonObject[];
  map: ResourceMap;
  own: OwnResources;
  issues: CompileIssue[];
  uris: UriAssignment;
}

interface SelectedResource {
  part: ServerPart;
  uri: string;
  origin: string;
  entry: JsonObject;
}

/**
 * The resources and templates of a vMCP, its own first; one selection holds URIs and templates alike.
 * No server can list what has the address of an own resource.
 */
export function compileResources(
  record: VmcpRecord,
  parts: readonly ServerPart[],
  claims: readonly NameClaim[],
  now: number,
): CompiledResources {
  const issues: CompileIssue[] = [];
  const ownResources = compileOwnResources(record.custom_resources);
  const withheld = new Map<string, Set<string>>();
  const resources: SelectedResource[] = [];
  const templates: SelectedResource[] = [];
  for (const part of parts) {
    const own = distinctEntries(part.catalog?.resources ?? [], 'uri').filter(
      ({ id }) => !ownResources.byUri.has(id),
    );
    const ownTemplates = distinctEntries(part.catalog?.resource_templates ?? [], 'uriTemplate');
    const present = new Set([...own, ...ownTemplates].map(({ id }) => id));
    issues.push(...missingSelections(part, 'resources', present));
    const isSelected = selector(part.part.resources);
    resources.push(...select(part, own, isSelected));
    templates.push(...select(part, ownTemplates, isSelected));
    withheld.set(
      part.part.server_id,
      new Set(own.map(({ id }) => id).filter((uri) => !isSelected(uri))),
    );
  }
  const wishes = [...resources, ...templates].map(({ part, uri, origin }) => {
    return { origin, uri, tag: part.tag };
  });
  const uris = assignUris(wishes, claims, now);
  const listedUri = ({ origin, uri }: SelectedResource) => uris.listed.get(origin) ?? uri;
  const route = (selected: SelectedResource) => {
    return {
      serverId: selected.part.part.server_id,
      uri: selected.uri,
      listed: listedUri(selected),
    };
  };
  return {
    resources: [
      ...ownResources.shown,
      ...resources.map((resource) => ({ ...named(resource), uri: listedUri(resource) })),
    ],
    own: ownResources,
    resourceTemplates: templates.map((template) => {
      return { ...named(template), uriTemplate: listedUri(template) };
    }),
    map: new ResourceMap(parts, resources.map(route), templates.map(route), {
      withheld,
      reserved: reservedUris(uris.claims),
    }),
    issues,
    uris,
  };
}

function reservedUris(claims: readonly NameClaim[]): Map<string, string> {
  const reserved = claims.filter(({ freed_at }) => freed_at !== null);
  return new Map(reserved.map(({ listed, origin }) => [listed, serverOf(origin)]));
}

function select(
  part: ServerPart,
  entries: readonly { id: string; entry: JsonObject }[],
  isSelected: (uri: string) => boolean,
): SelectedResource[] {
  return entries
    .filter(({ id }) => isSelected(id))
    .map(({ id, entry }) => {
      return { part, uri: id, entry, origin: originOf(part.part.server_id, id) };
    });
}

/** Clients reject a list for a resource without a name. */
function named({ entry, uri }: SelectedResource): JsonObject {
  return typeof entry.name === 'string' ? entry : { ...entry, name: uri };
}
