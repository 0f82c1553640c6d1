import type { CustomTool, PythonTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { AcceptToolChanges, ToolChange } from '../../../contract/toolChanges.ts';
import type { Deleted } from '../../../contract/undo.ts';
import type {
  CreateVmcp,
  ExposedTools,
  UpdateVmcp,
  Vmcp,
  VmcpExport,
  VmcpRecord,
} from '../../../contract/vmcps.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { CancelSignal } from '../../cancellation.ts';
import type { Consents, Requester } from '../../consent/consents.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import type { ItemProblem } from '../../tools/itemProblem.ts';
import type { ToolSignature } from '../../tools/toolSignature.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import { CompiledVmcps } from '../compile/compiledVmcps.ts';
import { ListPreparation } from '../compile/listPreparation.ts';
import type { ToolSizes } from '../compile/toolSizes.ts';
import { saveImportedFiles } from '../custom/importedFiles.ts';
import { PythonSignatures } from '../custom/pythonSignatures.ts';
import type { ResourceFiles } from '../custom/resourceFiles.ts';
import { type DeletionRecords, newUndo } from '../deletions/deletionRecords.ts';
import { requireReviewKept } from '../review/requireReviewKept.ts';
import { ToolReviews } from '../review/toolReviews.ts';
import { exportVmcp } from './exportVmcp.ts';
import { importVmcp } from './importVmcp.ts';
import { newId } from './newId.ts';
import { type WritePlan, type WrittenSecrets, writePlanned } from './plannedWrite.ts';
import { withRenamedTools } from './renamedTools.ts';
import { withToolSecrets } from './toolSecrets.ts';
import { VmcpPlans } from './vmcpPlans.ts';
import { changedVmcpRecord, emptyVmcpRecord, showExposedTools, showVmcp } from './vmcpRecords.ts';
import { resolveConfig } from './vmcpSecrets.ts';
import type { Vmcps } from './vmcps.ts';

/** What vMCPs must know of custom tools, without running any. */
export interface ToolKnowledge {
  check(tool: CustomTool): ItemProblem[];
  inputSchema(tool: CustomTool): JsonObject;
  /** @throws where no interpreter can run */
  describe(tool: PythonTool, vmcpId: string): Promise<ToolSignature>;
}

export interface VmcpsDeps {
  store: Store;
  consents: Consents;
  upstreams: Pick<Upstreams, 'catalog' | 'isStale' | 'refresh' | 'connect'>;
  events: EventBus;
  log: Log;
  tools: ToolKnowledge;
  files: ResourceFiles;
  sizes: ToolSizes;
  deletions: DeletionRecords;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createVmcps(deps: VmcpsDeps): Vmcps {
  return new StoredVmcps({ now: Date.now, ...deps });
}

class StoredVmcps implements Vmcps {
  readonly #compiled: CompiledVmcps;
  readonly #reviews: ToolReviews;
  readonly #signatures: PythonSignatures;
  readonly #preparation: ListPreparation;
  readonly #plans: VmcpPlans;
  readonly #unsubscribe: () => void;
  /** Ids by lower-case name; made when first asked for after a change. */
  #idsByName: ReadonlyMap<string, string> | undefined;

  constructor(private readonly deps: Required<VmcpsDeps>) {
    const { store, tools } = deps;
    const describe = (tool: PythonTool, vmcpId: string) => tools.describe(tool, vmcpId);
    this.#signatures = new PythonSignatures({ ...deps, describe });
    const kinds = { signature: (tool: CustomTool) => this.#knownSignature(tool) };
    const catalog = (serverId: string) => deps.upstreams.catalog(serverId);
    this.#reviews = new ToolReviews({
      ...{ ...deps, catalog },
      mayReturn: (id) => Boolean(this.#server(id)) || deps.deletions.holdsServer(id),
    });
    this.#compiled = new CompiledVmcps({ ...deps, kinds, reviews: this.#reviews });
    this.#preparation = new ListPreparation(deps);
    this.#plans = new VmcpPlans({
      ...{ store, consents: deps.consents, compiled: this.#compiled, signatures: this.#signatures },
      reviews: this.#reviews,
      timestamp: () => this.#timestamp(),
    });
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
    const at = this.#timestamp();
    const vmcpId = newId('vmcp');
    const empty = emptyVmcpRecord(vmcpId, body.name, at);
    await this.#signatures.describe(vmcpId, this.#signatures.missing(body.custom_tools ?? []));
    await this.#write(vmcpId, (written) => {
      const wanted = changedVmcpRecord(empty, body, this.#server, at);
      return this.#plans.put(undefined, wanted, written);
    });
    return this.get(vmcpId);
  }

  update(vmcpId: string, body: UpdateVmcp, by: Requester = 'outside'): Promise<Vmcp> {
    return this.edit(vmcpId, (record, at) => {
      const complete = withRenamedTools(body, record, this.deps.store.secrets);
      const after = changedVmcpRecord(record, complete, this.#server, at);
      if (by !== 'user') requireReviewKept(record, after);
      return after;
    });
  }

  async edit(
    vmcpId: string,
    change: (record: VmcpRecord, at: string) => VmcpRecord,
  ): Promise<Vmcp> {
    const at = this.#timestamp();
    const { custom_tools } = change(this.#record(vmcpId), at);
    await this.#signatures.describe(vmcpId, this.#signatures.missing(custom_tools));
    await this.#write(vmcpId, (written) => {
      const before = this.#record(vmcpId);
      return this.#plans.put(before, change(before, at), written);
    });
    await this.deps.files.prune(vmcpId, this.#find(vmcpId));
    return this.get(vmcpId);
  }

  async remove(
    vmcpId: string,
    what: string,
    change: (record: VmcpRecord, at: string) => VmcpRecord,
  ): Promise<Deleted> {
    const { now, deletions, files } = this.deps;
    const at = this.#timestamp();
    const undo = newUndo(now());
    await this.#write(vmcpId, (written) => {
      const before = this.#record(vmcpId);
      return deletions.keep(undo, what, this.#plans.put(before, change(before, at), written));
    });
    await files.prune(vmcpId, this.#find(vmcpId));
    return undo;
  }

  async delete(vmcpId: string): Promise<Deleted> {
    const { now, deletions, files, events } = this.deps;
    const undo = newUndo(now());
    const plan = (): WritePlan => {
      const { name } = this.#record(vmcpId);
      return deletions.keep(undo, `vMCP "${name}"`, this.#plans.delete(vmcpId));
    };
    await writePlanned(this.deps, plan, () => this.#invalidate(vmcpId));
    events.publish({ type: 'vmcp.removed', vmcp_id: vmcpId });
    await files.prune(vmcpId, this.#find(vmcpId));
    return undo;
  }

  export(vmcpId: string): Promise<VmcpExport> {
    return exportVmcp(this.#record(vmcpId), this.#server, this.deps.files);
  }

  async import(
    body: VmcpExport,
    by: Requester = 'outside',
  ): Promise<{ vmcp: Vmcp; notes: string[] }> {
    const vmcpId = newId('vmcp');
    const serverIds = (body.mcp_servers ?? []).map(() => newId('server'));
    const at = this.#timestamp();
    const files = await saveImportedFiles(this.deps.files, vmcpId, body.custom_resources ?? []);
    try {
      const { imported } = await this.#write(vmcpId, () => {
        const result = importVmcp(body, {
          servers: [...this.deps.store.collections.servers.all()],
          vmcps: this.#all(),
          vmcpId,
          serverId: (index) => serverIds[index] ?? newId('server'),
          file: (name) => files.facts.get(name),
          at,
        });
        return this.#plans.import(result, by);
      });
      return { vmcp: this.get(vmcpId), notes: imported.notes };
    } finally {
      files.release();
      await this.deps.files.prune(vmcpId, this.#find(vmcpId));
    }
  }

  find(idOrName: string): string | undefined {
    if (this.#find(idOrName)) return idOrName;
    this.#idsByName ??= new Map(
      this.#all().map(({ vmcp_id, name }) => [name.toLowerCase(), vmcp_id]),
    );
    return this.#idsByName.get(idOrName.toLowerCase());
  }

  compiled(vmcpId: string): CompiledVmcp {
    return this.#compiled.get(vmcpId).compiled;
  }

  exposedTools(vmcpId: string): ExposedTools {
    return showExposedTools(this.compiled(vmcpId), this.deps.sizes);
  }

  toolChanges(vmcpId: string): ToolChange[] {
    return this.#reviews.list(this.#record(vmcpId));
  }

  acceptToolChanges(vmcpId: string, accepted: AcceptToolChanges): Promise<void> {
    return this.#reviews.accept(this.#record(vmcpId), accepted);
  }

  activeConfig(vmcpId: string): JsonObject {
    return resolveConfig(this.#record(vmcpId), this.deps.store.secrets);
  }

  maskedConfig(vmcpId: string): JsonObject {
    return this.#record(vmcpId).active_config;
  }

  withSecrets<Tool extends CustomTool>(vmcpId: string, tool: Tool): Tool {
    return withToolSecrets(tool, vmcpId, this.deps.store.secrets);
  }

  async signature(vmcpId: string, tool: CustomTool): Promise<ToolSignature> {
    this.#record(vmcpId); // an unknown id is a 404, not an interpreter of its own
    const isUnseen = tool.tool_type === 'python' && this.#signatures.get(tool) === undefined;
    return isUnseen ? this.deps.tools.describe(tool, vmcpId) : this.#knownSignature(tool);
  }

  async prepareLists(vmcpId: string, signal: CancelSignal): Promise<void> {
    const { serverIds, record } = this.compiled(vmcpId);
    const undescribed = this.#signatures.missing(record.custom_tools);
    const described =
      undescribed.length > 0 ? this.#describeLate(vmcpId, undescribed, signal) : undefined;
    await this.#preparation.prepare(serverIds, signal);
    await described;
  }

  close(): void {
    this.#unsubscribe();
    this.#preparation.close();
    this.#compiled.close();
    this.#reviews.close();
  }

  /** Of a Python tool that was never described, only what its variables say. */
  #knownSignature(tool: CustomTool): ToolSignature {
    const { tools } = this.deps;
    const described = tool.tool_type === 'python' ? this.#signatures.get(tool) : undefined;
    return (
      described ?? {
        inputSchema: tools.inputSchema(tool),
        description: '',
        problems: tools.check(tool),
      }
    );
  }

  /** Tools that came with an import; a list waits as long for them as for a server never seen. */
  async #describeLate(
    vmcpId: string,
    tools: readonly PythonTool[],
    signal: CancelSignal,
  ): Promise<void> {
    const { store, log } = this.deps;
    const keep = async () => {
      await this.#signatures.describe(vmcpId, tools);
      const record = this.#find(vmcpId);
      if (!record) return;
      this.#compiled.invalidate(vmcpId);
      await store.commit(this.#signatures.changes(record));
    };
    const kept = keep().catch((error: unknown) => {
      log.error('signatures of Python tools could not be kept', { vmcp: vmcpId, error });
    });
    await this.#preparation.atMost(kept, signal);
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

  #invalidate(vmcpId: string): void {
    this.#idsByName = undefined;
    this.#compiled.invalidate(vmcpId);
  }

  #show(record: VmcpRecord): Vmcp {
    const shown = showVmcp(record, this.compiled(record.vmcp_id), this.#server, this.deps.sizes);
    return { ...shown, tool_changes: this.#reviews.counts(record) };
  }

  #find(vmcpId: string): VmcpRecord | undefined {
    return this.deps.store.collections.vmcps.get(vmcpId);
  }

  #record(vmcpId: string): VmcpRecord {
    const record = this.#find(vmcpId);
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
