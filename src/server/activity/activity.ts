import type { JsonValue } from '../../contract/json.ts';

/** One finished operation, handed over as it is; cutting, redacting and writing happen later. */
export interface Operation {
  clientId: string;
  clientName: string;
  vmcpId: string;
  method: string;
  /** Tool, prompt or URI; null for lists. */
  target: string | null;
  serverId: string | null;
  arguments: JsonValue | undefined;
  result: JsonValue | undefined;
  error: string | null;
  /** Also false for a result with `isError`. */
  success: boolean;
  durationMs: number;
  toolsExposed: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** An operation that goes on. */
export type StartedOperation = Pick<
  Operation,
  'clientName' | 'vmcpId' | 'method' | 'target' | 'at'
>;

/** Takes note of operations, off the path of the calls. */
export interface Activity {
  /** @returns what `record` is given in the end */
  begin(operation: StartedOperation): number;
  record(operation: Operation, begun: number): void;
}
