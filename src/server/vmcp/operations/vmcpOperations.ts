import type { CustomTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { Activity } from '../../activity/activity.ts';
import type { EditorAnswers } from '../../editor/editorAnswers.ts';
import type { Tracer } from '../../telemetry/tracer.ts';
import { RenderTrail } from '../../template/renderTrail.ts';
import type { TemplateCache } from '../../template/templateCache.ts';
import type { CustomTools } from '../../tools/customTools.ts';
import type { ToolOutcome } from '../../tools/toolRun.ts';
import { UpstreamError } from '../../upstream/upstreamError.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import { withoutModernMembers } from '../../upstream/withoutModernMembers.ts';
import type { Vmcps } from '../configuration/vmcps.ts';
import type { ResourceFiles } from '../custom/resourceFiles.ts';
import { isListMethod, type ListMethod, listPage } from './lists.ts';
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
import { Recording } from './recording.ts';
import { SpilledResults } from './spill/spilledResults.ts';
import { spillResult } from './spill/spillResult.ts';
import { tracedUpstreams, traceRequest } from './tracing.ts';
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

/** Their results are those of tools. */
const resultMethods = new Set(['tools/call', 'tasks/result']);

export interface OperationsDependencies {
  vmcps: Vmcps;
  upstreams: Upstreams;
  activity: Activity;
  memories: PartyMemories;
  tools: CustomTools;
  files: ResourceFiles;
  templates: TemplateCache;
  editor: EditorAnswers;
  tracer: Tracer;
}

/** Clients' requests on vMCPs: found, mapped, sent on, recorded. */
export class VmcpOperations implements Operations {
  readonly #spilled = new SpilledResults();

  constructor(private readonly dependencies: OperationsDependencies) {}

  perform(request: VmcpRequest): Promise<JsonObject> {
    const { tracer, vmcps } = this.dependencies;
    if (!tracer.isOn) return this.#perform(request);
    const compiled = vmcps.compiled(request.vmcpId);
    return traceRequest(tracer, request, compiled, (traced) => this.#perform(traced));
  }

  async #perform(request: VmcpRequest): Promise<JsonObject> {
    const operation = this.#operation(request, RenderTrail.start);
    const recording = new Recording(this.dependencies.activity, operation);
    try {
      const substitution = substitutionOf(operation);
      if (substitution !== 'none') {
        operation.request = await substitutedRequest(operation, substitution === 'lenient');
      }
      const result = await this.#run(operation);
      recording.end(result, null);
      return this.#limited(operation, result);
    } catch (error) {
      recording.end(undefined, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  tryTool(request: VmcpRequest, tool: CustomTool): Promise<ToolOutcome> {
    const operation = this.#operation(request, RenderTrail.start);
    return performOwnTool(operation, tool, argumentsParam(request.params, 'The try-out'));
  }

  /** What the client gets of a tool's result, where the vMCP has a limit for those. */
  #limited({ request, compiled }: Operation, result: JsonObject): JsonObject {
    const { max_result_bytes: limit } = compiled.record.options;
    if (limit === undefined || !resultMethods.has(request.method)) return result;
    const owner = { vmcpId: request.vmcpId, clientId: request.client.id };
    return spillResult(result, limit, this.#spilled, owner);
  }

  /** A call inside an own item is asked for what it wants: only the whole can be repeated. */
  readonly #inside: Operation['inside'] = (request, trail) =>
    this.#run(this.#operation({ ...request, repetition: undefined }, trail)).then(
      withoutModernMembers,
    );

  #operation(request: VmcpRequest, trail: RenderTrail): Operation {
    const { vmcps, upstreams, memories, tools, files, templates, editor, tracer } =
      this.dependencies;
    const compiled = vmcps.compiled(request.vmcpId);
    const { trace } = request;
    return {
      request,
      compiled,
      upstreams: trace ? tracedUpstreams(tracer, upstreams, compiled, trace) : upstreams,
      memories,
      vmcps,
      tools,
      files,
      templates,
      spilled: this.#spilled,
      editor,
      trail,
      inside: this.#inside,
      noted: { target: null, serverId: null },
    };
  }

  #run(operation: Operation): Promise<JsonObject> {
    const { method } = operation.request;
    if (isListMethod(method)) return this.#list(operation, method);
    const perform = methods.get(method);
    if (perform) {
      return perform(operation).catch((error: unknown) => {
        if (error instanceof UnknownItemError) return this.#runAgain(operation, perform, error);
        throw clientError(error);
      });
    }
    const error = new RpcError(rpcCodes.methodNotFound, `Method not found: ${method}`);
    return Promise.reject(error);
  }

  async #list({ request, compiled }: Operation, method: ListMethod): Promise<JsonObject> {
    const { vmcpId, params, signal } = request;
    const { vmcps } = this.dependencies;
    if (params.cursor !== undefined) return listPage(compiled, method, params.cursor);
    await vmcps.prepareLists(vmcpId, signal);
    return listPage(vmcps.compiled(vmcpId), method, undefined);
  }

  /** What is unknown may be of a server that was never asked for its lists: then it is asked now. */
  async #runAgain(
    operation: Operation,
    perform: Perform,
    unknown: UnknownItemError,
  ): Promise<JsonObject> {
    const { vmcpId, signal } = operation.request;
    const { vmcps } = this.dependencies;
    try {
      await vmcps.prepareLists(vmcpId, signal);
      const compiled = vmcps.compiled(vmcpId);
      if (compiled === operation.compiled) throw unknown;
      return await perform({ ...operation, compiled });
    } catch (error) {
      throw clientError(error);
    }
  }
}

/** Failures of upstreams as a client is told. */
function clientError(error: unknown): unknown {
  if (!(error instanceof UpstreamError)) return error;
  return new RpcError(rpcCodes.internalError, error.message);
}
