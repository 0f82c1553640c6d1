import type { JsonObject } from '../../contract/json.ts';
import type { ParamHeader } from '../protocol/paramHeaders.ts';

/** What is known of a server before it is asked. */
export interface EraKnowledge {
  /** It was of the session era lately, with this configuration. */
  readonly isOfSessionEra: boolean;
  /** A tool as it was listed last. */
  tool(name: string): Readonly<JsonObject> | undefined;
  paramHeaders(tool: string): readonly ParamHeader[];
}
