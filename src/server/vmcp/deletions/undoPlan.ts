import { isDeepStrictEqual } from 'node:util';
import type { ServerRecord } from '../../../contract/servers.ts';
import { ownItems, type VmcpRecord } from '../../../contract/vmcps.ts';
import { ConflictError } from '../../appErrors.ts';
import type { Change } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { requireFreeName } from '../configuration/uniqueName.ts';
import { type Deletion, type DeletionStep, recordOf } from './deletionRecords.ts';
import { restoredVmcp } from './restoredVmcp.ts';

/**
 * The changes that take a deletion back. What nobody touched since becomes what it was, byte for byte.
 * @throws ConflictError where a name was given to something else meanwhile
 */
export function undoChanges({ steps }: Deletion, store: Store, timestamp: string): Change[] {
  const comeBack = new Set(steps.filter(isDeletedServer).map(({ id }) => id));
  const hasServer = (id: string) => comeBack.has(id) || Boolean(store.collections.servers.get(id));
  const undoStep = (step: DeletionStep): Change[] => {
    switch (step.collection) {
      case 'servers':
        return [{ collection: 'servers', put: restoredServer(step, store) }];
      case 'vmcps':
        return restoredVmcps(step, store, timestamp, hasServer);
      case 'catalogs':
        return [{ collection: 'catalogs', put: recordOf(step.before) }];
      case 'nameClaims':
        return [{ collection: 'nameClaims', put: recordOf(step.before) }];
      case 'clientTokens':
        return [{ collection: 'clientTokens', put: recordOf(step.before) }];
      case 'settings':
        return restoredSetting(step, store);
    }
  };
  return steps.flatMap(undoStep);
}

function isDeletedServer({ collection, after }: DeletionStep): boolean {
  return collection === 'servers' && after === null;
}

function restoredServer({ before, id }: DeletionStep, store: Store): ServerRecord {
  const { servers } = store.collections;
  if (servers.get(id)) throw new ConflictError('It is there already', id);
  const record = recordOf<ServerRecord>(before);
  requireFreeName('server', record.name, [...servers.all(), { name: ownItems }]);
  return record;
}

function restoredVmcps(
  { before, after, id }: DeletionStep,
  store: Store,
  timestamp: string,
  hasServer: (serverId: string) => boolean,
): Change[] {
  const { vmcps } = store.collections;
  const record = recordOf<VmcpRecord>(before);
  const current = vmcps.get(id);
  if (after === null) {
    if (current) throw new ConflictError('It is there already', id);
    requireFreeName('vMCP', record.name, vmcps.all());
    // Servers that were deleted after it stay away.
    const mcp_servers = record.mcp_servers.filter(({ server_id }) => hasServer(server_id));
    return [{ collection: 'vmcps', put: { ...record, mcp_servers } }];
  }
  if (!current) return []; // deleted later; its own undo brings it back
  if (isDeepStrictEqual(current, recordOf(after))) return [{ collection: 'vmcps', put: record }];
  const put = restoredVmcp(record, recordOf(after), current);
  return [{ collection: 'vmcps', put: { ...put, updated_at: timestamp } }];
}

/** Settings of the server are derived from the rest: those that others wrote since are newer. */
function restoredSetting({ before, after, id }: DeletionStep, store: Store): Change[] {
  const current = store.collections.settings.get(id) ?? null;
  if (!isDeepStrictEqual(current, after)) return [];
  return [{ collection: 'settings', put: recordOf(before) }];
}
