import type { CustomTool } from '../../../contract/customItems.ts';
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
import type { CancelSignal } from '../../cancellation.ts';
import type { Requester } from '../../consent/consents.ts';
import type { ToolSignature } from '../../tools/toolSignature.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';

/** The vMCPs: their configuration, and what each lists right now. */
export interface Vmcps {
  list(): Vmcp[];
  /** @throws NotFoundError */
  get(vmcpId: string): Vmcp;
  /** @throws ConflictError (name taken), InvalidError (unknown server, illegal override; `detail` says where) */
  create(body: CreateVmcp): Promise<Vmcp>;
  /**
   * @param by others (the default) than the user may not end the review of changed tools
   * @throws ForbiddenError for that, and what `create` throws
   */
  update(vmcpId: string, body: UpdateVmcp, by?: Requester): Promise<Vmcp>;
  /**
   * Like `update`, by a function of the record, masks and all.
   * @param change has no effects: it may be called again where the record changed meanwhile
   */
  edit(vmcpId: string, change: (record: VmcpRecord, at: string) => VmcpRecord): Promise<Vmcp>;
  /**
   * An edit that takes something away, and can be undone.
   * @param what that is, for people
   */
  remove(
    vmcpId: string,
    what: string,
    change: (record: VmcpRecord, at: string) => VmcpRecord,
  ): Promise<Deleted>;
  delete(vmcpId: string): Promise<Deleted>;
  /** A self-contained copy without secrets; servers by definition, files with their content. */
  export(vmcpId: string): Promise<VmcpExport>;
  /**
   * Makes missing servers, renames illegal or taken names; `notes` tell what was changed.
   * @param by servers that others (the default) than the user bring wait for the user's consent
   */
  import(body: VmcpExport, by?: Requester): Promise<{ vmcp: Vmcp; notes: string[] }>;

  /** The id that an address names, by id or (case-insensitively) by name. */
  find(idOrName: string): string | undefined;
  /** @throws NotFoundError */
  compiled(vmcpId: string): CompiledVmcp;
  /** What it lists, with sizes. @throws NotFoundError */
  exposedTools(vmcpId: string): ExposedTools;
  /** Tools that are not what they were when they were accepted. @throws NotFoundError */
  toolChanges(vmcpId: string): ToolChange[];
  /** @throws NotFoundError, ConflictError where one is not what was looked at */
  acceptToolChanges(vmcpId: string, accepted: AcceptToolChanges): Promise<void>;
  /** `active_config` with its secrets in place; only for rendering what the vMCP's author wrote. */
  activeConfig(vmcpId: string): JsonObject;
  /** `active_config` with secrets masked. */
  maskedConfig(vmcpId: string): JsonObject;
  /**
   * A tool of the vMCP's own with its credentials in place; only for running it.
   * @throws InvalidError where one was never given, AppError `locked`
   */
  withSecrets<Tool extends CustomTool>(vmcpId: string, tool: Tool): Tool;
  /**
   * What a tool that need not be saved takes, and what is wrong with it.
   * @throws where it is of Python, and no interpreter can run
   */
  signature(vmcpId: string, tool: CustomTool): Promise<ToolSignature>;
  /**
   * Called before the first list of a session: waits at most 5 s for servers that were never seen,
   * and lets stale catalogs be read again in the background.
   */
  prepareLists(vmcpId: string, signal: CancelSignal): Promise<void>;
  close(): void;
}
