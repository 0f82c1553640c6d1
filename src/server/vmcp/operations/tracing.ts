import type { JsonObject } from '../../../contract/json.ts';
import { RpcError } from '../../../contract/jsonRpc.ts';
import type { Attributes } from '../../telemetry/span.ts';
import { traceContextOf, withContext } from '../../telemetry/traceContext.ts';
import type { Tracer } from '../../telemetry/tracer.ts';
import { UpstreamError } from '../../upstream/upstreamError.ts';
import type { UpstreamCall } from '../../upstream/upstreams.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import type { OperationUpstreams } from './operation.ts';
import type { VmcpRequest } from './operations.ts';

/**
 * Performs a client's request within a span of its own, by OpenTelemetry's conventions for MCP. The
 * client's trace goes on where it tells of one. What was sent and answered is in no attribute: neither
 * arguments nor URIs, results, messages of errors or ids of sessions.
 */
export async function traceRequest(
  tracer: Tracer,
  request: VmcpRequest,
  compiled: CompiledVmcp,
  perform: (traced: VmcpRequest) => Promise<JsonObject>,
): Promise<JsonObject> {
  const { method, params, client } = request;
  const target = knownTarget(request, compiled);
  const span = tracer.start({
    name: target === undefined ? method : `${method} ${target}`,
    kind: 'server',
    parent: traceContextOf(params),
    attributes: {
      ...methodAttributes(method, target),
      'vmcp.id': request.vmcpId,
      'vmcp.name': compiled.record.name,
      'vmcp.client.name': client.name.slice(0, 128),
    },
  });
  try {
    const result = await perform({ ...request, trace: span.context });
    span.end(result.isError === true ? 'tool_error' : undefined);
    return result;
  } catch (error) {
    span.end(errorType(error), errorAttributes(error));
    throw error;
  }
}

/** The upstreams as a traced request reaches them: each call in a span, whose context goes with it. */
export function tracedUpstreams(
  tracer: Tracer,
  upstreams: OperationUpstreams,
  compiled: CompiledVmcp,
  parent: NonNullable<VmcpRequest['trace']>,
): OperationUpstreams {
  const call = async (serverId: string, request: UpstreamCall): Promise<JsonObject> => {
    const { method, params } = request;
    const target = typeof params?.name === 'string' ? params.name : undefined;
    const span = tracer.start({
      name: target === undefined ? method : `${method} ${target}`,
      kind: 'client',
      parent,
      attributes: {
        ...methodAttributes(method, target),
        'vmcp.server.id': serverId,
        'vmcp.server.name': compiled.servers.find(({ id }) => id === serverId)?.name,
      },
    });
    try {
      const traced = { ...request, params: withContext(params, span.context) };
      const result = await upstreams.call(serverId, traced);
      span.end(result.isError === true ? 'tool_error' : undefined);
      return result;
    } catch (error) {
      span.end(errorType(error), errorAttributes(error));
      throw error;
    }
  };
  return {
    call,
    catalog: (serverId) => upstreams.catalog(serverId),
    subscribe: (serverId, uri, caller, signal) =>
      upstreams.subscribe(serverId, uri, caller, signal),
    unsubscribe: (serverId, uri, party) => upstreams.unsubscribe(serverId, uri, party),
  };
}

/** A name that exists: others are whatever a client wrote. */
function knownTarget({ method, params }: VmcpRequest, compiled: CompiledVmcp): string | undefined {
  const { name } = params;
  if (typeof name !== 'string') return undefined;
  if (method === 'tools/call') return compiled.resolveTool(name)?.listedName;
  return method === 'prompts/get' ? compiled.resolvePrompt(name)?.listedName : undefined;
}

function methodAttributes(method: string, target: string | undefined): Attributes {
  const isTool = method === 'tools/call';
  return {
    'mcp.method.name': method,
    'gen_ai.operation.name': isTool ? 'execute_tool' : undefined,
    'gen_ai.tool.name': isTool ? target : undefined,
    'gen_ai.prompt.name': method === 'prompts/get' ? target : undefined,
  };
}

function errorType(error: unknown): string {
  if (error instanceof RpcError) return String(error.code);
  if (error instanceof UpstreamError) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

function errorAttributes(error: unknown): Attributes {
  return error instanceof RpcError ? { 'rpc.response.status_code': String(error.code) } : {};
}
