import { isDeepStrictEqual } from 'node:util';
import type {
  CustomResource,
  ExportedResource,
  StoredResource,
} from '../../../contract/customItems.ts';
import { secretMask } from '../../../contract/secretMask.ts';
import { createServerSchema, type ServerRecord } from '../../../contract/servers.ts';
import { ownItems, type VmcpExport, type VmcpRecord } from '../../../contract/vmcps.ts';
import { InvalidError } from '../../appErrors.ts';
import type { FileFact } from '../custom/resourceFiles.ts';
import type { SecretSlot } from './secretSlots.ts';
import { newServerRecord } from './serverRecords.ts';
import { separateServerSecrets } from './serverSecrets.ts';
import { freeName, lowerNames } from './uniqueName.ts';
import { changedVmcpRecord, emptyVmcpRecord } from './vmcpRecords.ts';
import { separateVmcpSecrets } from './vmcpSecrets.ts';

type Entry = NonNullable<VmcpExport['mcp_servers']>[number];

export interface ImportSources {
  servers: readonly ServerRecord[];
  vmcps: readonly { name: string }[];
  vmcpId: string;
  /** Of the server to make for an entry; the same one each time it is asked. */
  serverId(index: number): string;
  /** The saved content of a resource. */
  file(resourceName: string): FileFact | undefined;
  /** Timestamp of what is made. */
  at: string;
}

export interface ImportResult {
  vmcp: VmcpRecord;
  newServers: ServerRecord[];
  /** Secrets that stand in the file. */
  secrets: SecretSlot[];
  /** What was changed, and what the user has to do. */
  notes: string[];
}

/**
 * What an exported (or hand-written) vMCP becomes here. A server is the one with its id, else one of
 * the same transport and configuration, else it is made; an entry without a definition may also name
 * one. Secrets that the file does not hold keep their place, masked, until the user enters them.
 * @throws InvalidError for a definition that is none
 */
export function importVmcp(body: VmcpExport, sources: ImportSources): ImportResult {
  const notes: string[] = [];
  const newServers: ServerRecord[] = [];
  const secrets: SecretSlot[] = [];
  const used = new Set<string>();
  const parts = (body.mcp_servers ?? []).flatMap((entry, index) => {
    const candidates = sources.servers.filter(({ server_id }) => !used.has(server_id));
    let server = findServer(entry, candidates);
    if (!server) {
      const made = makeServer(entry, index, sources, newServers, notes);
      if (!made) return [];
      server = made.record;
      newServers.push(made.record);
      secrets.push(...made.secrets);
    }
    used.add(server.server_id);
    return [selectionOf(entry, server.server_id)];
  });
  const name = freeName(body.name, lowerNames(sources.vmcps));
  if (name !== body.name) notes.push(`The vMCP "${body.name}" is called "${name}" here.`);
  const known = new Map([...sources.servers, ...newServers].map((s) => [s.server_id, s]));
  const { name: _, custom_resources, ...rest } = body;
  const made = changedVmcpRecord(
    emptyVmcpRecord(sources.vmcpId, name, sources.at),
    { ...rest, mcp_servers: parts, custom_resources: withoutContent(custom_resources ?? []) },
    (serverId) => known.get(serverId),
    sources.at,
  );
  const wanted = { ...made, custom_resources: withFiles(made.custom_resources, sources, notes) };
  const { masked, slots } = separateVmcpSecrets(wanted);
  secrets.push(...givenSecrets(slots, `vMCP "${name}"`, notes));
  return { vmcp: masked, newServers, secrets, notes };
}

function withoutContent(resources: readonly ExportedResource[]): CustomResource[] {
  return resources.map(({ content_base64: _, ...resource }) => resource);
}

/** The saved files; the user is told of those that did not come along. */
function withFiles(
  resources: readonly StoredResource[],
  sources: ImportSources,
  notes: string[],
): StoredResource[] {
  return resources.map((resource) => {
    const file = sources.file(resource.name) ?? null;
    if (!file && resource.text === undefined) {
      notes.push(`Upload the content of resource "${resource.name}": it is not in the file.`);
    }
    return { ...resource, file };
  });
}

function findServer(entry: Entry, servers: readonly ServerRecord[]): ServerRecord | undefined {
  const byId = servers.find(({ server_id }) => server_id === entry.server_id);
  if (byId) return byId;
  const sameName = ({ name }: ServerRecord) => name.toLowerCase() === entry.name?.toLowerCase();
  if (entry.config === undefined) return servers.find(sameName);
  const equal = servers.filter(
    ({ transport_type, config }) =>
      transport_type === entry.transport_type && isDeepStrictEqual({ ...config }, entry.config),
  );
  return equal.find(sameName) ?? equal[0];
}

function makeServer(
  entry: Entry,
  index: number,
  sources: ImportSources,
  made: readonly ServerRecord[],
  notes: string[],
): { record: ServerRecord; secrets: SecretSlot[] } | undefined {
  const wantedName = entry.name ?? 'server';
  if (entry.transport_type === undefined || entry.config === undefined) {
    const id = entry.server_id ?? wantedName;
    notes.push(`Server "${id}" is left out: it is not here, and the file does not define it.`);
    return undefined;
  }
  const name = freeName(wantedName, lowerNames([...sources.servers, ...made, { name: ownItems }]));
  if (name !== wantedName) notes.push(`The server "${wantedName}" is called "${name}" here.`);
  const { transport_type, config, description, auth } = entry;
  const { enabled, start, call_timeout_s, withheld_capabilities } = entry;
  const parsed = createServerSchema.safeParse({
    ...{ name, transport_type, config, description, auth },
    ...{ enabled, start, call_timeout_s, withheld_capabilities },
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = ['mcp_servers', index, ...(issue?.path ?? [])].join('.');
    throw new InvalidError(`Server "${wantedName}": ${issue?.message ?? 'invalid'}`, place);
  }
  const record = newServerRecord(sources.serverId(index), parsed.data, sources.at);
  const { masked, slots } = separateServerSecrets(record.server_id, record);
  return {
    record: { ...record, ...masked },
    secrets: givenSecrets(slots, `server "${name}"`, notes),
  };
}

function selectionOf(entry: Entry, server_id: string) {
  const { priority, tools, resources, prompts, overrides } = entry;
  return { server_id, priority, tools, resources, prompts, overrides };
}

/** The secrets that the file holds; for the others the user is told to enter them. */
function givenSecrets(slots: readonly SecretSlot[], owner: string, notes: string[]): SecretSlot[] {
  const missing = slots.filter(({ value }) => value === secretMask);
  for (const { path } of missing)
    notes.push(`Enter ${path} of ${owner}: secrets are not exported.`);
  return slots.filter(({ value }) => value !== secretMask);
}
