import type { Variable } from '../../../../contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../../contract/json.ts';
import { ownItems } from '../../../../contract/vmcps.ts';
import { renderParts } from '../../../template/renderTemplate.ts';
import { convertArguments } from '../../../tools/variables.ts';
import type { OwnPrompt } from '../../compile/compiledVmcp.ts';
import { canonicalName } from '../../naming/names.ts';
import type { Operation } from '../operation.ts';
import { authorScope } from './authorScope.ts';

/**
 * `prompts/get` of a prompt of the vMCP's own. A message of MCP is one block of content: what is no
 * text in a rendered message (an image from a tool) follows as a message of the same role.
 * @throws ArgumentError, TemplateError
 */
export async function performOwnPrompt(
  operation: Operation,
  prompt: OwnPrompt,
  sent: JsonObject,
): Promise<JsonObject> {
  const { name, variables } = prompt;
  const args = convertArguments(variables, fromTexts(variables, sent));
  const trail = operation.trail.enter(`prompt ${canonicalName(ownItems, name)}`);
  const scope = authorScope({ ...operation, trail }, { arguments: args, variables });
  const { templates } = operation;
  const place = `prompt "${name}"`;
  const messages = await Promise.all(
    prompt.messages.map(async ({ role, text }) => {
      const parts = await renderParts(templates.parse(text), scope, { place });
      return parts.map((content) => ({ role, content }));
    }),
  );
  return { messages: messages.flat() };
}

/** `completion/complete`: the values of an enumeration that begin with what is typed. */
export function completeOwnPrompt(prompt: OwnPrompt, argument: JsonValue | undefined): JsonObject {
  const { name, value } = Object(argument) as { name?: unknown; value?: unknown };
  const typed = typeof value === 'string' ? value.toLowerCase() : '';
  const values = (prompt.variables.find((variable) => variable.name === name)?.enum ?? [])
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .filter((one) => one.toLowerCase().startsWith(typed));
  const shown = values.slice(0, 100); // as many as an answer may hold (MCP server/utilities/completion)
  return {
    completion: { values: shown, total: values.length, hasMore: shown.length < values.length },
  };
}

/** Arguments of prompts are texts (MCP server/prompts): those that are to be lists and so on are JSON. */
function fromTexts(variables: readonly Variable[], sent: JsonObject): JsonObject {
  const isText = new Set(
    variables.filter(({ type }) => type === 'str' || type === 'string').map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [
      name,
      typeof value === 'string' && !isText.has(name) ? (parseJson(value) ?? value) : value,
    ]),
  );
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // converting says what is wrong with it
  }
}
