import type { CustomTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { ownItems } from '../../../contract/vmcps.ts';
import type { ItemProblem } from '../../tools/itemProblem.ts';
import type { ToolSignature } from '../../tools/toolSignature.ts';
import { originOf } from '../naming/claimLedger.ts';
import { canonicalName, type NameWish } from '../naming/names.ts';
import type { ToolRoute } from './compiledVmcp.ts';
import type { CompileIssue } from './serverPart.ts';

/** What compiling must know of the kinds of custom tools. */
export interface ToolKinds {
  signature(tool: CustomTool): ToolSignature;
}

/** An own tool that is offered. */
export interface OwnTool {
  tool: CustomTool;
  origin: string;
  wish: NameWish;
  /** In the vMCP's body. */
  path: string;
}

export function ownTools(tools: readonly CustomTool[]): OwnTool[] {
  return tools.flatMap((tool, index): OwnTool[] => {
    if (!tool.enabled) return [];
    return [{ tool, ...ownName(tool.name), path: `custom_tools.${index}` }];
  });
}

/** Own items are listed under their bare names, or not at all under those. */
export function ownName(name: string): { origin: string; wish: NameWish } {
  const origin = originOf(ownItems, name);
  return { origin, wish: { origin, server: ownItems, name, override: name, plain: true } };
}

export function ownRoute(tool: CustomTool, listedName: string): ToolRoute {
  return {
    serverId: ownItems,
    name: tool.name,
    listedName,
    canonicalName: canonicalName(ownItems, tool.name),
    authored: undefined,
    applyArguments: (sent) => sent,
    own: tool,
  };
}

/** An own tool as clients see it; the name is put in later. */
export function shownOwnTool(tool: CustomTool, signature: ToolSignature): JsonObject {
  const { inputSchema, outputSchema, description } = signature;
  return {
    ...(tool.title !== undefined && { title: tool.title }),
    description: describedWith(tool.description || description, tool.keywords),
    inputSchema,
    ...(outputSchema && { outputSchema }),
    ...(tool.annotations && { annotations: tool.annotations }),
  };
}

export function describedWith(description: string, keywords: readonly string[]): string {
  if (keywords.length === 0) return description;
  return `${description} [Keywords: ${keywords.join(', ')}]`.trimStart();
}

/** What is wrong with an own item, in terms of the vMCP. */
export function itemIssues(
  problems: readonly ItemProblem[],
  name: string,
  path: string,
  kind: 'tool' | 'prompt',
): CompileIssue[] {
  return problems.map((problem) => ({
    problem: {
      server_id: ownItems,
      ...(kind === 'tool' && { tool: name }),
      message: `${kind} "${name}"${problem.path === '' ? '' : `, ${problem.path}`}: ${problem.message}`,
    },
    path: problem.path === '' ? path : `${path}.${problem.path}`,
    reason: problem.message,
    refusal: 'invalid',
  }));
}
