import { isJsonObject } from '../../../contract/json.ts';
import { type ParamHeader, paramHeadersOf } from '../../protocol/paramHeaders.ts';
import type { CompiledVmcp } from '../../vmcp/compile/compiledVmcp.ts';

const none: readonly ParamHeader[] = [];

/** The `Mcp-Param-…` headers of listed tools; each schema is read once, when its tool is first called. */
export class ToolParamHeaders {
  readonly #known = new WeakMap<CompiledVmcp, Map<string, readonly ParamHeader[]>>();

  /** By the name that the client calls; none where there is no such tool, or its annotations are wrong. */
  of(compiled: CompiledVmcp, name: unknown): readonly ParamHeader[] {
    if (typeof name !== 'string') return none;
    let tools = this.#known.get(compiled);
    if (tools === undefined) {
      tools = new Map();
      this.#known.set(compiled, tools);
    }
    const known = tools.get(name);
    if (known !== undefined) return known;
    const listedName = compiled.resolveTool(name)?.listedName;
    if (listedName === undefined) return none;
    const schema = compiled.tools.find((tool) => tool.name === listedName)?.inputSchema;
    const headers = (isJsonObject(schema) && paramHeadersOf(schema)) || none;
    tools.set(name, headers);
    return headers;
  }
}
