import type { Variable } from '../../../../contract/customItems.ts';
import type { JsonObject } from '../../../../contract/json.ts';
import { abortSignalOf } from '../../../cancellation.ts';
import type { TemplateScope } from '../../../template/templateScope.ts';
import { ownMember } from '../../compile/ownMember.ts';
import type { Operation } from '../operation.ts';
import { ItemReferences } from './itemReferences.ts';

/** What is rendered, and with what. */
export interface AuthoredText {
  /** Converted arguments of what is rendered. */
  arguments: JsonObject;
  variables: readonly Variable[];
  /** Further Mustache names: steps, items. */
  context?: JsonObject;
}

/**
 * The scope of texts that the vMCP's author wrote: the arguments, then `active_config`, its secrets
 * included, and every item of the vMCP by reference.
 */
export function authorScope(operation: Operation, text: AuthoredText): TemplateScope {
  const { request, vmcps, trail } = operation;
  let config: JsonObject | undefined;
  const fromConfig = (name: string) => {
    config ??= vmcps.activeConfig(request.vmcpId);
    return ownMember(config, name);
  };
  const optional = new Set(text.variables.filter((v) => !v.required).map(({ name }) => name));
  return {
    param: (name) => ownMember(text.arguments, name) ?? fromConfig(name),
    config: fromConfig,
    isOptional: (name) => optional.has(name),
    ...(text.context && { context: text.context }),
    references: new ItemReferences(operation),
    trail,
    signal: abortSignalOf(request.signal),
  };
}
