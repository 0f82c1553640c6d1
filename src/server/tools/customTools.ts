import type { CustomTool, PythonTool } from '../../contract/customItems.ts';
import type { JsonObject } from '../../contract/json.ts';
import { checkComposite } from './composite/checkComposite.ts';
import { runComposite } from './composite/runComposite.ts';
import { checkHttpTool } from './http/checkHttpTool.ts';
import { httpInputSchema } from './http/httpInputSchema.ts';
import type { HttpToolRunner } from './http/httpToolRunner.ts';
import { type ItemProblem, textProblems, valueProblems } from './itemProblem.ts';
import { runPromptTool } from './prompt/runPromptTool.ts';
import type { PythonTools } from './python/pythonTools.ts';
import type { ToolContext, ToolOutcome } from './toolRun.ts';
import { describePython, type ToolSignature } from './toolSignature.ts';
import { convertArguments, variablesSchema } from './variables.ts';

/** The one place that knows the kinds of custom tools. */
export class CustomTools {
  constructor(
    private readonly python: PythonTools,
    private readonly http: Pick<HttpToolRunner, 'run'>,
  ) {}

  /** What is wrong with a definition, without running any of it; see `describe` for Python. */
  check(tool: CustomTool): ItemProblem[] {
    switch (tool.tool_type) {
      case 'prompt':
        return textProblems(tool.text, 'text');
      case 'http':
        return [...valueProblems({ ...tool.api_config }, 'api_config'), ...checkHttpTool(tool)];
      case 'composite':
        return checkComposite(tool);
      case 'python':
        return [];
    }
  }

  /** What clients are told that a tool takes; see `describe` for Python. */
  inputSchema(tool: CustomTool): JsonObject {
    switch (tool.tool_type) {
      case 'prompt':
      case 'composite':
        return variablesSchema(tool.variables);
      case 'http':
        return httpInputSchema(tool);
      case 'python': // its code is the authority, and may take more
        return { ...variablesSchema(tool.variables), additionalProperties: true };
    }
  }

  /** What the code of a Python tool says. @throws PythonStartError where no interpreter can run */
  describe(tool: PythonTool, vmcpId: string): Promise<ToolSignature> {
    return describePython(this.python, vmcpId, tool);
  }

  /**
   * The arguments of a call, checked and converted, defaults filled in. Python does that itself.
   * @throws ArgumentError that names the argument
   */
  convert(tool: CustomTool, args: JsonObject): JsonObject {
    return tool.tool_type === 'python' ? args : convertArguments(tool.variables, args);
  }

  /** @param context with converted arguments */
  run(tool: CustomTool, context: ToolContext): Promise<ToolOutcome> {
    switch (tool.tool_type) {
      case 'prompt':
        return runPromptTool(tool, context);
      case 'http':
        return this.http.run(tool, context);
      case 'composite':
        return runComposite(tool, context);
      case 'python':
        return this.#runPython(tool, context);
    }
  }

  async #runPython(tool: PythonTool, context: ToolContext): Promise<ToolOutcome> {
    const { vmcpId, signal } = context;
    const request = {
      code: tool.code,
      arguments: context.arguments,
      environment: context.config(),
      ...(tool.media_type !== undefined && { mediaType: tool.media_type }),
    };
    const { result, printed } = await this.python.run(vmcpId, request, signal);
    return { result, printed };
  }
}
