import type { JsonObject } from '../../../../contract/json.ts';
import type { RenderTrail } from '../../../template/renderTrail.ts';
import { UnresolvedError } from '../../../template/templateError.ts';
import type { ReferenceResolver } from '../../../template/templateScope.ts';
import { type ItemKind, resolveReference } from '../../naming/references.ts';
import type { Operation } from '../operation.ts';
import { promptArguments } from '../promptArguments.ts';

/** The items of a vMCP for references in templates, reached as its clients reach them. */
export class ItemReferences implements ReferenceResolver {
  constructor(private readonly operation: Operation) {}

  async tool(written: string, args: JsonObject, trail: RenderTrail, signal: AbortSignal) {
    const name = await this.#resolve('tool', written);
    return this.#perform('tools/call', { name, arguments: args }, trail, signal);
  }

  async prompt(written: string, args: JsonObject, trail: RenderTrail, signal: AbortSignal) {
    const params = {
      name: await this.#resolve('prompt', written),
      arguments: promptArguments(args),
    };
    return this.#perform('prompts/get', params, trail, signal);
  }

  async resource(written: string, trail: RenderTrail, signal: AbortSignal) {
    const uri = await this.#resolve('resource', written);
    return this.#perform('resources/read', { uri }, trail, signal);
  }

  /**
   * What is unknown may be of a server that was never asked for its lists: then it is asked now.
   * @throws UnresolvedError
   */
  async #resolve(kind: ItemKind, written: string): Promise<string> {
    const { compiled, request, vmcps } = this.operation;
    try {
      return resolveReference(compiled, kind, written);
    } catch (error) {
      if (!(error instanceof UnresolvedError)) throw error;
      await vmcps.prepareLists(request.vmcpId, request.signal);
      const now = vmcps.compiled(request.vmcpId);
      if (now === compiled) throw error;
      return resolveReference(now, kind, written);
    }
  }

  #perform(
    method: string,
    params: JsonObject,
    trail: RenderTrail,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const { request, inside } = this.operation;
    return inside({ ...request, method, params, signal }, trail);
  }
}
