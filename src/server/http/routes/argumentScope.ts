import type { JsonObject, JsonValue } from '../../../contract/json.ts';
import { RenderTrail } from '../../template/renderTrail.ts';
import { holdsReference } from '../../template/substituteArguments.ts';
import { UnresolvedError } from '../../template/templateError.ts';
import type { TemplateScope } from '../../template/templateScope.ts';

/**
 * What references in the arguments of a REST call may use: `@param` the call's other arguments (plain
 * ones: an argument that holds references itself is no parameter), then `active_config`; `@config`
 * the latter. Never its secrets: those are for what the vMCP's author wrote, not for its clients.
 */
export function argumentScope(
  args: JsonObject,
  activeConfig: JsonObject,
  secretKeys: readonly string[],
  signal: AbortSignal,
): TemplateScope {
  const config = (name: string): JsonValue | undefined => {
    if (secretKeys.includes(name)) {
      throw new UnresolvedError(
        `Configuration key “${name}” is a secret`,
        'References in the arguments of a call cannot read secrets.',
      );
    }
    return ownMember(activeConfig, name);
  };
  return {
    config,
    param: (name) => {
      const argument = ownMember(args, name);
      return argument === undefined || holdsReference(argument) ? config(name) : argument;
    },
    isOptional: () => false,
    trail: RenderTrail.start,
    signal,
  };
}

function ownMember(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
