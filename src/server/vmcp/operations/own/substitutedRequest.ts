import { holdsReference, substituteArguments } from '../../../template/substituteArguments.ts';
import { argumentsParam, type Operation } from '../operation.ts';
import type { VmcpRequest } from '../operations.ts';
import { promptArguments } from '../promptArguments.ts';
import { clientScope } from './clientScope.ts';

/** Whether references in the arguments of a request are to be replaced, and how. */
export function substitutionOf({ request, compiled }: Operation): 'strict' | 'lenient' | 'none' {
  const { method, substitute } = request;
  if (method !== 'tools/call' && method !== 'prompts/get') return 'none';
  if (substitute !== undefined) return substitute ? 'strict' : 'none';
  return compiled.record.options.substitute_arguments ? 'lenient' : 'none';
}

/**
 * A request with the references in its arguments replaced.
 * @throws TemplateError, unless lenient
 */
export async function substitutedRequest(
  operation: Operation,
  lenient: boolean,
): Promise<VmcpRequest> {
  const { request } = operation;
  const args = argumentsParam(request.params, request.method);
  if (!holdsReference(args)) return request;
  const scope = clientScope(operation, args);
  const substituted = await substituteArguments(args, scope, { lenient });
  const isPrompt = request.method === 'prompts/get';
  const after = isPrompt ? promptArguments(substituted) : substituted;
  return { ...request, params: { ...request.params, arguments: after } };
}
