import type { JsonObject, JsonValue } from '../../../../contract/json.ts';
import { abortSignalOf } from '../../../cancellation.ts';
import { holdsReference } from '../../../template/substituteArguments.ts';
import { UnresolvedError } from '../../../template/templateError.ts';
import type { TemplateScope } from '../../../template/templateScope.ts';
import { ownMember } from '../../compile/ownMember.ts';
import type { Operation } from '../operation.ts';
import { ItemReferences } from './itemReferences.ts';

/**
 * What references in the arguments of a call may use: `@param` the call's other arguments (plain
 * ones: an argument that holds references itself is no parameter), then `active_config`; `@config`
 * the latter. Never its secrets: those are for what the vMCP's author wrote, not for its clients.
 */
export function clientScope(operation: Operation, args: JsonObject): TemplateScope {
  const { active_config, secret_keys } = operation.compiled.record;
  const config = (name: string): JsonValue | undefined => {
    if (secret_keys.includes(name)) {
      throw new UnresolvedError(
        `Configuration key “${name}” is a secret`,
        'References in the arguments of a call cannot read secrets.',
      );
    }
    return ownMember(active_config, name);
  };
  return {
    config,
    param: (name) => {
      const argument = ownMember(args, name);
      return argument === undefined || holdsReference(argument) ? config(name) : argument;
    },
    isOptional: () => false,
    references: new ItemReferences(operation),
    trail: operation.trail,
    signal: abortSignalOf(operation.request.signal),
  };
}
