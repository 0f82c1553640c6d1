import type { CustomTool } from '../../../../contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../../contract/json.ts';
import { ownItems } from '../../../../contract/vmcps.ts';
import { AppError } from '../../../appErrors.ts';
import { abortSignalOf } from '../../../cancellation.ts';
import { renderParts } from '../../../template/renderTemplate.ts';
import { renderValue } from '../../../template/renderValue.ts';
import { ArgumentError } from '../../../tools/argumentError.ts';
import { errorResult } from '../../../tools/errorResult.ts';
import type { ToolContext, ToolOutcome } from '../../../tools/toolRun.ts';
import { canonicalName } from '../../naming/names.ts';
import type { Operation } from '../operation.ts';
import { authorScope } from './authorScope.ts';

/**
 * Runs a tool of the vMCP's own. What fails in it, or does not fit in the arguments, is a result with
 * `isError`, which the model can read.
 */
export async function performOwnTool(
  operation: Operation,
  tool: CustomTool,
  sent: JsonObject,
): Promise<ToolOutcome> {
  const { tools, vmcps, request } = operation;
  try {
    const args = tools.convert(tool, sent);
    const inside = {
      ...operation,
      trail: operation.trail.enter(`tool ${canonicalName(ownItems, tool.name)}`),
    };
    const complete = vmcps.withSecrets(request.vmcpId, tool);
    return await tools.run(complete, toolContext(inside, complete, args));
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof ArgumentError) return { result: errorResult(error.message) };
    if (!(error instanceof AppError)) throw error;
    return { result: errorResult(`${error.message} (${error.detail})`) };
  }
}

function toolContext(operation: Operation, tool: CustomTool, args: JsonObject): ToolContext {
  const { request, trail, templates, vmcps } = operation;
  const { parse } = templates;
  const { variables } = tool;
  const signal = abortSignalOf(request.signal);
  const scope = (context?: JsonObject) =>
    authorScope(operation, { arguments: args, variables, ...(context && { context }) });
  const place = `tool "${tool.name}"`;
  return {
    vmcpId: request.vmcpId,
    arguments: args,
    config: () => vmcps.activeConfig(request.vmcpId),
    caller: request.caller,
    signal,
    render: (value: JsonValue, extra?: JsonObject) =>
      renderValue(value, scope(extra), { place, parse }),
    renderContent: (text) => renderParts(parse(text), scope(), { place }),
    callTool: (name, toolArgs, callSignal = signal) => {
      const params = { name, arguments: toolArgs };
      const call = { ...request, method: 'tools/call', params, signal: callSignal };
      return operation.inside(call, trail);
    },
    progress: (done, total, message) => tellProgress(operation, done, total, message),
  };
}

/** Only where the client asked for it (MCP basic/utilities/progress). */
function tellProgress(
  { request }: Operation,
  progress: number,
  total: number,
  message: string,
): void {
  const meta = request.params._meta;
  const progressToken =
    typeof meta === 'object' && meta !== null && !Array.isArray(meta)
      ? meta.progressToken
      : undefined;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, total, message };
  request.caller.notify({ jsonrpc: '2.0', method: 'notifications/progress', params });
}
