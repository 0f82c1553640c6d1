import type { JsonObject } from '../../../contract/json.ts';
import type { SettingRecord } from '../../store/records.ts';
import { shortHash } from './hash.ts';

/** VS Code tells servers apart by this much of `serverInfo.name`. */
const distinctLength = 13;
const hashLength = 4;

/** Under which key of the settings the given names are kept. */
export const serverNamesKey = 'vmcp_server_names';

interface Named {
  vmcp_id: string;
  name: string;
  created_at: string;
}

/**
 * `serverInfo.name` of every vMCP: its name in lower case, legal, and unique among all in the first 13
 * characters (a hash where it would not be). A vMCP keeps it until it is renamed, whatever others do.
 * @param kept the setting `serverNamesKey`, as written the last time
 */
export function assignServerNames(
  vmcps: readonly Named[],
  kept: SettingRecord | undefined,
): Map<string, string> {
  const assigned = new Map<string, string>();
  const taken = new Set<string>();
  const take = (vmcpId: string, serverName: string) => {
    assigned.set(vmcpId, serverName);
    taken.add(serverName.slice(0, distinctLength));
  };
  const ordered = [...vmcps].sort(
    (a, b) => a.created_at.localeCompare(b.created_at) || a.vmcp_id.localeCompare(b.vmcp_id),
  );
  for (const { vmcp_id, name } of ordered) {
    const known = keptName(kept?.value, vmcp_id, name);
    if (known !== undefined && !taken.has(known.slice(0, distinctLength))) take(vmcp_id, known);
  }
  for (const { vmcp_id, name } of ordered) {
    if (!assigned.has(vmcp_id)) take(vmcp_id, freeServerName(name, taken));
  }
  return assigned;
}

/** What to keep for the next assignment. */
export function serverNamesSetting(
  vmcps: readonly Named[],
  assigned: ReadonlyMap<string, string>,
): SettingRecord {
  const entries = vmcps.map(({ vmcp_id, name }): [string, JsonObject] => [
    vmcp_id,
    { name, server_name: assigned.get(vmcp_id) },
  ]);
  return { key: serverNamesKey, value: Object.fromEntries(entries) };
}

function keptName(value: JsonObject | undefined, vmcpId: string, name: string): string | undefined {
  const entry = value && Object.hasOwn(value, vmcpId) ? value[vmcpId] : undefined;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  return entry.name === name && typeof entry.server_name === 'string'
    ? entry.server_name
    : undefined;
}

function freeServerName(name: string, taken: ReadonlySet<string>): string {
  const legal = name.toLowerCase().replace(/[^a-z0-9_-]/g, '_');
  if (!taken.has(legal.slice(0, distinctLength))) return legal;
  const beginning = legal.slice(0, distinctLength - hashLength - 1);
  for (let n = 0; ; n++) {
    const hashed = `${beginning}-${shortHash(`${name}\n${n}`, hashLength)}`;
    if (!taken.has(hashed)) return hashed;
  }
}
