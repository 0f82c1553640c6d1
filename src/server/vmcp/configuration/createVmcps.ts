import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../contract/json.ts';
import type {
  CreateVmcp,
  UpdateVmcp,
  Vmcp,
  VmcpExport,
  VmcpRecord,
} from '../../../contract/vmcps.ts';
import { ConflictError, InvalidError, NotFoundError } from '../../appErrors.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Change } from '../../store/records.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { Store } from '../../store/store.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import { CompiledVmcps } from '../compile/compiledVmcps.ts';
import { ListPreparation } from '../compile/listPreparation.ts';
import type { CompileIssue } from '../compile/serverPart.ts';
import { assignServerNames, serverNamesKey, serverNamesSetting } from '../naming/serverNames.ts';
import { exportVmcp } from './exportVmcp.ts';
import { type ImportResult, importVmcp } from './importVmcp.ts';
import { newId } from './newId.ts';
import { type WritePlan, type WrittenSecrets, writePlanned } from './plannedWrite.ts';
import { planSecrets } from './secretSlots.ts';
import { requireFreeName } from './uniqueName.ts';
import { changedVmcpRecord, emptyVmcpRecord, showVmcp } from './vmcpRecords.ts';
import {
  requireValuesOfFormerSecrets,
  resolveConfig,
  separateConfigSecrets,
} from './vmcpSecrets.ts';
import type { Vmcps } from './vmcps.ts';

export interface VmcpsDeps {
  store: Store;
  upstreams: Pick<Upstreams, 'catalog' | 'isStale' | 'refresh' | 'connect'>;
  events: EventBus;
  log: Log;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createVmcps(deps: VmcpsDeps): Vmcps {
  return new StoredVmcps({ now: Date.now, ...deps });
}

class StoredVmcps implements Vmcps {
  readonly #compiled: CompiledVmcps;
  readonly #preparation: ListPreparation;
  readonly #unsubscribe: () => void;
  /** Ids by lower-case name; made when first asked for after a change. */
  #idsByName: ReadonlyMap<string, string> | undefined;

  constructor(private readonly deps: Required<VmcpsDeps>) {
    this.#compiled = new CompiledVmcps(deps);
    this.#preparation = new ListPreparation(deps);
    this.#unsubscribe = deps.events.subscribe(({ type }) => {
      if (type === 'vmcp.changed' || type === 'vmcp.removed') this.#idsByName = undefined;
    });
  }

  list(): Vmcp[] {
    return this.#all()
      .sort((a, b) => a.created_at.localeCompare(b.created_at))
      .map((record) => this.#show(record));
  }

  get(vmcpId: string): Vmcp {
    return this.#show(this.#record(vmcpId));
  }

  async create(body: CreateVmcp): Promise<Vmcp> {
    const vmcpId = newId('vmcp');
    const empty = emptyVmcpRecord(vmcpId, body.name, this.#timestamp());
    await this.#write(vmcpId, (written) => {
      return this.#planPut(undefined, changedVmcpRecord(empty, body, this.#server), written);
    });
    return this.get(vmcpId);
  }

  async update(vmcpId: string, body: UpdateVmcp): Promise<Vmcp> {
    await this.#write(vmcpId, (written) => {
      const before = this.#record(vmcpId);
      return this.#planPut(before, changedVmcpRecord(before, body, this.#server), written);
    });
    return this.get(vmcpId);
  }

  async delete(vmcpId: string): Promise<void> {
    const { store, events } = this.deps;
    const plan = (): WritePlan => {
      this.#record(vmcpId);
      const changes: Change[] = [{ collection: 'vmcps', delete: vmcpId }];
      if (store.collections.nameClaims.get(vmcpId)) {
        changes.push({ collection: 'nameClaims', delete: vmcpId });
      }
      const others = this.#all().filter(({ vmcp_id }) => vmcp_id !== vmcpId);
      changes.push(...this.#serverNameChanges(others));
      const obsoleteSecrets = store.secrets.names(secretNames.vmcp(vmcpId));
      return { changes, secrets: {}, obsoleteSecrets };
    };
    await writePlanned(this.deps, plan, () => this.#invalidate(vmcpId));
    events.publish({ type: 'vmcp.removed', vmcp_id: vmcpId });
  }

  export(vmcpId: string): VmcpExport {
    return exportVmcp(this.#record(vmcpId), this.#server);
  }

  async import(body: VmcpExport): Promise<{ vmcp: Vmcp; notes: string[] }> {
    const vmcpId = newId('vmcp');
    const serverIds = (body.mcp_servers ?? []).map(() => newId('server'));
    const at = this.#timestamp();
    const { imported } = await this.#write(vmcpId, () => {
      const result = importVmcp(body, {
        servers: [...this.deps.store.collections.servers.all()],
        vmcps: this.#all(),
        vmcpId,
        serverId: (index) => serverIds[index] ?? newId('server'),
        at,
      });
      return this.#planImport(result);
    });
    return { vmcp: this.get(vmcpId), notes: imported.notes };
  }

  find(idOrName: string): string | undefined {
    if (this.deps.store.collections.vmcps.get(idOrName)) return idOrName;
    this.#idsByName ??= new Map(
      this.#all().map(({ vmcp_id, name }) => [name.toLowerCase(), vmcp_id]),
    );
    return this.#idsByName.get(idOrName.toLowerCase());
  }

  compiled(vmcpId: string): CompiledVmcp {
    return this.#compiled.get(vmcpId).compiled;
  }

  activeConfig(vmcpId: string): JsonObject {
    return resolveConfig(this.#record(vmcpId), this.deps.store.secrets);
  }

  maskedConfig(vmcpId: string): JsonObject {
    return this.#record(vmcpId).active_config;
  }

  async prepareLists(vmcpId: string, signal: AbortSignal): Promise<void> {
    await this.#preparation.prepare(this.compiled(vmcpId).serverIds, signal);
  }

  close(): void {
    this.#unsubscribe();
    this.#preparation.close();
    this.#compiled.close();
  }

  /** @throws what `makePlan` throws */
  async #write<Plan extends WritePlan>(
    vmcpId: string,
    makePlan: (written: WrittenSecrets) => Plan,
  ): Promise<Plan> {
    const plan = await writePlanned(this.deps, makePlan, () => this.#invalidate(vmcpId));
    for (const change of plan.changes) {
      if (change.collection === 'servers' && 'put' in change) {
        this.deps.events.publish({ type: 'server.changed', server_id: change.put.server_id });
      }
    }
    if (plan.changes.length > 0) {
      this.deps.events.publish({ type: 'vmcp.changed', vmcp_id: vmcpId });
    }
    return plan;
  }

  #planPut(before: VmcpRecord | undefined, wanted: VmcpRecord, written: WrittenSecrets): WritePlan {
    const { secrets } = this.deps.store;
    const { vmcp_id } = wanted;
    const others = this.#all().filter((other) => other.vmcp_id !== vmcp_id);
    requireFreeName('vMCP', wanted.name, others);
    if (before) requireValuesOfFormerSecrets(before, wanted);
    const { masked, slots } = separateConfigSecrets(wanted);
    const slotsBefore = before ? separateConfigSecrets(before).slots : [];
    const namesBefore = new Set(slotsBefore.map(({ name }) => name));
    const prefix = secretNames.vmcp(vmcp_id);
    const plan = planSecrets(secrets, slots, namesBefore, prefix, written);
    const record = { ...wanted, active_config: masked };
    if (Object.keys(plan.secrets).length === 0 && isDeepStrictEqual(record, before)) {
      return { changes: [], ...plan };
    }
    this.#requireFit(record, before);
    const put = { ...record, updated_at: this.#timestamp() };
    const changes: Change[] = [{ collection: 'vmcps', put }];
    return { changes: [...changes, ...this.#serverNameChanges([...others, put])], ...plan };
  }

  #planImport(imported: ImportResult): WritePlan & { imported: ImportResult } {
    const { vmcp, newServers, secrets } = imported;
    const changes: Change[] = newServers.map((put) => ({ collection: 'servers', put }));
    changes.push({ collection: 'vmcps', put: vmcp });
    changes.push(...this.#serverNameChanges([...this.#all(), vmcp]));
    const values = Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
    return { changes, secrets: values, obsoleteSecrets: [], imported };
  }

  /** Refuses what a change brings in that does not fit; what did not fit before may stay. */
  #requireFit(record: VmcpRecord, before: VmcpRecord | undefined): void {
    const key = ({ problem }: CompileIssue) => JSON.stringify(problem);
    const known = new Set(before && this.#compiled.get(before.vmcp_id).issues.map(key));
    const issue = this.#compiled
      .preview(record)
      .issues.find((candidate) => candidate.refusal && !known.has(key(candidate)));
    if (!issue) return;
    const { problem, path } = issue;
    if (issue.refusal === 'conflict') throw new ConflictError(problem.message, path);
    throw new InvalidError(
      `The override of "${problem.argument}" of tool "${problem.tool}" does not fit its schema`,
      `${path}: ${problem.message}`,
    );
  }

  #serverNameChanges(vmcps: readonly VmcpRecord[]): Change[] {
    const kept = this.deps.store.collections.settings.get(serverNamesKey);
    const put = serverNamesSetting(vmcps, assignServerNames(vmcps, kept));
    return isDeepStrictEqual(put, kept) ? [] : [{ collection: 'settings', put }];
  }

  #invalidate(vmcpId: string): void {
    this.#idsByName = undefined;
    this.#compiled.invalidate(vmcpId);
  }

  #show(record: VmcpRecord): Vmcp {
    return showVmcp(record, this.compiled(record.vmcp_id), this.#server);
  }

  #record(vmcpId: string): VmcpRecord {
    const record = this.deps.store.collections.vmcps.get(vmcpId);
    if (!record) throw new NotFoundError(`There is no vMCP "${vmcpId}"`, vmcpId);
    return record;
  }

  #all(): VmcpRecord[] {
    return [...this.deps.store.collections.vmcps.all()];
  }

  readonly #server = (serverId: string) => this.deps.store.collections.servers.get(serverId);

  #timestamp(): string {
    return new Date(this.deps.now()).toISOString();
  }
}
