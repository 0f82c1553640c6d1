import type { CustomPrompt, PromptTool } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { ownItems, type VmcpRecord } from '../../../contract/vmcps.ts';
import { textProblems } from '../../tools/itemProblem.ts';
import { canonicalName, type NameWish } from '../naming/names.ts';
import type { OwnPrompt } from './compiledVmcp.ts';
import type { NameHolder } from './nameIssues.ts';
import { describedWith, itemIssues, ownName } from './ownTools.ts';
import type { CompileIssue } from './serverPart.ts';

/** A prompt of the vMCP's own, with everything its part of the list is made from. */
export interface OwnPromptPart extends NameHolder {
  prompt: OwnPrompt;
  wish: NameWish;
  shown: JsonObject;
  issues: CompileIssue[];
}

/** The custom prompts, then the prompt tools, which are prompts as well. */
export function ownPrompts({ custom_prompts, custom_tools }: VmcpRecord): OwnPromptPart[] {
  const tools = custom_tools.flatMap((tool, index) => {
    return tool.tool_type === 'prompt' && tool.enabled ? [{ tool, index }] : [];
  });
  const names = new Set(custom_prompts.map(({ name }) => name));
  const toolNames = new Set(tools.map(({ tool }) => tool.name));
  return [
    ...custom_prompts.map((prompt, index) => {
      const path = `custom_prompts.${index}`;
      const issues = itemIssues(promptProblems(prompt), prompt.name, path, 'prompt');
      if (toolNames.has(prompt.name)) issues.push(takenByTool(prompt.name, path));
      return { ...partOf(prompt, messagesOf(prompt), prompt.description, path), issues };
    }),
    ...tools
      .filter(({ tool }) => !names.has(tool.name))
      .map(({ tool, index }) => {
        const description = describedWith(tool.description, tool.keywords);
        const messages = [{ role: 'user' as const, text: tool.text }];
        return { ...partOf(tool, messages, description, `custom_tools.${index}`), issues: [] };
      }),
  ];
}

function takenByTool(name: string, path: string): CompileIssue {
  const message = `the name "${name}" belongs to a prompt tool, which is a prompt as well`;
  return { problem: { server_id: ownItems, message }, path: `${path}.name`, refusal: 'conflict' };
}

function partOf(
  item: CustomPrompt | PromptTool,
  messages: OwnPrompt['messages'],
  description: string,
  path: string,
): Omit<OwnPromptPart, 'issues'> {
  const { name, title, variables } = item;
  return {
    ...ownName(name),
    prompt: { name, variables, messages },
    shown: {
      ...(title !== undefined && { title }),
      ...(description !== '' && { description }),
      arguments: variables.map((variable) => ({
        name: variable.name,
        ...(variable.description !== undefined && { description: variable.description }),
        required: variable.required && variable.default === undefined,
      })),
    },
    canonical: canonicalName(ownItems, name),
    problem: { server_id: ownItems },
    path: `${path}.name`,
  };
}

/** One text is a message of the user. */
function messagesOf({ text, messages }: CustomPrompt): OwnPrompt['messages'] {
  return messages ?? [{ role: 'user', text: text ?? '' }];
}

function promptProblems({ text, messages }: CustomPrompt) {
  return [
    ...(text === undefined ? [] : textProblems(text, 'text')),
    ...(messages ?? []).flatMap((message, index) =>
      textProblems(message.text, `messages.${index}.text`),
    ),
  ];
}
