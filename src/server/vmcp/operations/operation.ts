import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { EditorAnswers } from '../../editor/editorAnswers.ts';
import type { RenderTrail } from '../../template/renderTrail.ts';
import type { TemplateCache } from '../../template/templateCache.ts';
import type { CustomTools } from '../../tools/customTools.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import type { Vmcps } from '../configuration/vmcps.ts';
import type { ResourceFiles } from '../custom/resourceFiles.ts';
import type { VmcpRequest } from './operations.ts';
import type { PartyMemories } from './partyMemory.ts';
import type { SpilledResults } from './spill/spilledResults.ts';

/** What requests of clients need of the upstreams. */
export type OperationUpstreams = Pick<Upstreams, 'call' | 'catalog' | 'subscribe' | 'unsubscribe'>;

/** All that performing one request needs, gathered once. */
export interface Operation {
  request: VmcpRequest;
  compiled: CompiledVmcp;
  upstreams: OperationUpstreams;
  memories: PartyMemories;
  vmcps: Vmcps;
  tools: CustomTools;
  files: ResourceFiles;
  templates: TemplateCache;
  spilled: SpilledResults;
  /** Answers servers where the client cannot. */
  editor: EditorAnswers;
  /** The vMCP's own items that this request is made inside of. */
  trail: RenderTrail;
  /** Performs a request of one of the vMCP's own items; it is no operation of its own in the log. */
  inside(request: VmcpRequest, trail: RenderTrail): Promise<JsonObject>;
  /** Set by whoever knows, for the statistics. */
  noted: { target: string | null; serverId: string | null };
}

/**
 * A required string parameter.
 * @throws RpcError −32602 that names it
 */
export function stringParam(params: JsonObject, name: string, method: string): string {
  const value = params[name];
  if (typeof value === 'string') return value;
  throw new RpcError(rpcCodes.invalidParams, `${method} needs a string “${name}” in params`);
}

/** Optional arguments. @throws RpcError −32602 where they are no object */
export function argumentsParam(params: JsonObject, method: string): JsonObject {
  const value = params.arguments ?? {};
  if (isJsonObject(value)) return value;
  throw new RpcError(rpcCodes.invalidParams, `${method}: “arguments” must be an object`);
}
