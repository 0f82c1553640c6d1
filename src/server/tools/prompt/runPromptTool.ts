import type { PromptTool } from '../../../contract/customItems.ts';
import type { ToolContext, ToolOutcome } from '../toolRun.ts';

/** What a prompt tool gives is its rendered text; images and the like stay what they are. */
export async function runPromptTool(tool: PromptTool, context: ToolContext): Promise<ToolOutcome> {
  return { result: { content: await context.renderContent(tool.text) } };
}
