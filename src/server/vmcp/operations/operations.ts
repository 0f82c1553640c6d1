import type { CustomTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { CancelSignal } from '../../cancellation.ts';
import type { TraceContext } from '../../telemetry/traceContext.ts';
import type { ToolOutcome } from '../../tools/toolRun.ts';
import type { Caller } from '../../upstream/caller.ts';
import type { Repetition } from '../../upstream/modern/routedState.ts';

/** One request of a client to a vMCP, whatever edge it came through. */
export interface VmcpRequest {
  vmcpId: string;
  method: string;
  params: JsonObject;
  caller: Caller;
  signal: CancelSignal;
  /** Set where the client repeats calls that want input by itself; as in `UpstreamCall`. */
  repetition?: Repetition | undefined;
  /**
   * Whether references in its arguments are replaced (REST); what cannot be is an error then. Without
   * a word the vMCP's options decide, and what cannot be replaced stays as written.
   */
  substitute?: boolean;
  /** The span it is performed in, where it is traced. */
  trace?: TraceContext;
  /** For the statistics. */
  client: { id: string; name: string };
}

/**
 * Performs requests of clients on vMCPs: lists, calls, reads, gets, completions, subscriptions, tasks.
 * Names, URIs, cursors, task and elicitation ids are mapped; the rest passes unchanged.
 * Every request is recorded in the statistics, failed ones too.
 */
export interface Operations {
  /**
   * @returns the MCP result
   * @throws RpcError as the client should see it; failures of upstreams, and arguments that do not fit, are
   *   `isError` results of `tools/call`, −32603 and −32602 elsewhere
   */
  perform(request: VmcpRequest): Promise<JsonObject>;

  /**
   * Runs a tool of a vMCP's own that is not saved (yet); nothing is recorded.
   * @param request its `params.arguments` are the tool's; its method is of no account
   * @throws the signal's reason
   */
  tryTool(request: VmcpRequest, tool: CustomTool): Promise<ToolOutcome>;
}
