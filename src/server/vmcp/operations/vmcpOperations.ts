import type { CustomTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { Activity } from '../../activity/activity.ts';
import { RenderTrail } from '../../template/renderTrail.ts';
import type { TemplateCache } from '../../template/templateCache.ts';
import type { CustomTools } from '../../tools/customTools.ts';
import type { ToolOutcome } from '../../tools/toolRun.ts';
import { UpstreamError } from '../../upstream/upstreamError.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { Vmcps } from '../configuration/vmcps.ts';
import type { ResourceFiles } from '../custom/resourceFiles.ts';
import { isListMethod, listPage } from './lists.ts';
import { argumentsParam, type Operation } from './operation.ts';
import type { Operations, VmcpRequest } from './operations.ts';
import { performOwnTool } from './own/performOwnTool.ts';
import { substitutedRequest, substitutionOf } from './own/substitutedRequest.ts';
import type { PartyMemories } from './partyMemory.ts';
import { performCompletion } from './performCompletion.ts';
import { performPrompt } from './performPrompt.ts';
import { readResource, subscribeResource, unsubscribeResource } from './performResource.ts';
import { listTasks, performTask } from './performTask.ts';
import { performToolCall } from './performToolCall.ts';
import { UnknownItemError } from './unknownItemError.ts';

type Perform = (operation: Operation) => Promise<JsonObject>;

const methods = new Map<string, Perform>([
  ['tools/call', performToolCall],
  ['prompts/get', performPrompt],
  ['resources/read', readResource],
  ['resources/subscribe', subscribeResource],
  ['resources/unsubscribe', unsubscribeResource],
  ['completion/complete', performCompletion],
  ['tasks/get', performTask],
  ['tasks/result', performTask],
  ['tasks/cancel', performTask],
  ['tasks/list', listTasks],
]);

export interface OperationsDependencies {
  vmcps: Vmcps;
  upstreams: Upstreams;
  activity: Activity;
  memories: PartyMemories;
  tools: CustomTools;
  files: ResourceFiles;
  templates: TemplateCache;
}

/** Clients' requests on vMCPs: found, mapped, sent on, recorded. */
export class VmcpOperations implements Operations {
  constructor(private readonly dependencies: OperationsDependencies) {}

  async perform(request: VmcpRequest): Promise<JsonObject> {
    const started = performance.now();
    const at = Date.now();
    const operation = this.#operation(request, RenderTrail.start);
    const { compiled, noted } = operation;
    const { activity } = this.dependencies;
    const { client, vmcpId, method, params } = request;
    const target = targetOf(params);
    const begun = activity.begin({ clientName: client.name, vmcpId, method, target, at });
    const record = (result: JsonObject | undefined, error: string | null) =>
      activity.record(
        {
          clientId: client.id,
          clientName: client.name,
          vmcpId,
          method,
          target: noted.target,
          serverId: noted.serverId,
          arguments: params.arguments,
          result,
          error,
          success: error === null && result?.isError !== true,
          durationMs: performance.now() - started,
          toolsExposed: compiled.tools.length,
          at,
        },
        begun,
      );
    try {
      const substitution = substitutionOf(operation);
      if (substitution !== 'none') {
        operation.request = await substitutedRequest(operation, substitution === 'lenient');
      }
      const result = await this.#run(operation);
      record(result, null);
      return result;
    } catch (error) {
      record(undefined, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  tryTool(request: VmcpRequest, tool: CustomTool): Promise<ToolOutcome> {
    const operation = this.#operation(request, RenderTrail.start);
    return performOwnTool(operation, tool, argumentsParam(request.params, 'The try-out'));
  }

  readonly #inside: Operation['inside'] = (request, trail) =>
    this.#run(this.#operation(request, trail));

  #operation(request: VmcpRequest, trail: RenderTrail): Operation {
    const { vmcps, upstreams, memories, tools, files, templates } = this.dependencies;
    return {
      request,
      compiled: vmcps.compiled(request.vmcpId),
      upstreams,
      memories,
      vmcps,
      tools,
      files,
      templates,
      trail,
      inside: this.#inside,
      noted: { target: null, serverId: null },
    };
  }

  async #run(operation: Operation): Promise<JsonObject> {
    const { method, params, vmcpId, signal } = operation.request;
    if (isListMethod(method)) {
      if (params.cursor !== undefined) return listPage(operation.compiled, method, params.cursor);
      await this.dependencies.vmcps.prepareLists(vmcpId, signal);
      return listPage(this.dependencies.vmcps.compiled(vmcpId), method, undefined);
    }
    const perform = methods.get(method);
    if (!perform) throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${method}`);
    try {
      return await this.#performKnown(operation, perform);
    } catch (error) {
      if (error instanceof UpstreamError) throw new RpcError(rpcCodes.internalError, error.message);
      throw error;
    }
  }

  /** What is unknown may be of a server that was never asked for its lists: then it is asked now. */
  async #performKnown(operation: Operation, perform: Perform): Promise<JsonObject> {
    try {
      return await perform(operation);
    } catch (error) {
      if (!(error instanceof UnknownItemError)) throw error;
      const { vmcpId, signal } = operation.request;
      await this.dependencies.vmcps.prepareLists(vmcpId, signal);
      const compiled = this.dependencies.vmcps.compiled(vmcpId);
      if (compiled === operation.compiled) throw error;
      return perform({ ...operation, compiled });
    }
  }
}

/** What a request names, as its client wrote it. */
function targetOf({ name, uri }: JsonObject): string | null {
  const named = name ?? uri;
  return typeof named === 'string' ? named : null;
}
