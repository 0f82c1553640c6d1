import * as vscode from 'vscode';
import * as z from 'zod';
import { jsonObjectSchema } from '../../contract/common.ts';
import type { CustomPrompt, CustomTool } from '../../contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../contract/json.ts';
import {
  type ToolEditorContext,
  toolEditorContextSchema,
} from '../../contract/webview/toolEditor.ts';
import { RestError } from '../../serverLink/restError.ts';
import { documentScheme, type ItemPlace, itemPath } from '../documents/documentPath.ts';
import { withPromptText, withToolText } from '../documents/documentText.ts';
import type { ItemStore } from '../documents/itemStore.ts';
import { commandIds } from '../ids.ts';
import { commonActions } from './commonActions.ts';
import { type PageKind, pageAction } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';

/** The form of a custom tool or prompt, whose text stands in an editor of VS Code's, and its try-out. */
export function toolEditorPage({ inventory, store }: PageServices): PageKind<ToolEditorContext> {
  return {
    id: 'toolEditor',
    context: toolEditorContextSchema,
    title: ({ name }) => name,
    known: ({ vmcp_id }) => asJson(inventory.vmcp(vmcp_id) ?? null),
    operations: ['getVmcp', 'checkTool', 'listTemplateNames', 'tryCustomTool', 'getPrompt'],
    actions: {
      ...commonActions,
      withOpenText: pageAction(toolEditorContextSchema, (context) => withOpenText(store, context)),
      openText: pageAction(toolEditorContextSchema, async (context) => {
        const { place } = await find(store, context);
        await vscode.commands.executeCommand('vscode.open', uriOf(place), {
          preview: false,
          viewColumn: vscode.ViewColumn.One,
        });
        return undefined;
      }),
      rename: pageAction(toolEditorContextSchema, async (context) => {
        const { place } = await find(store, context);
        await vscode.commands.executeCommand(commandIds.renameItem, uriOf(place));
        return undefined;
      }),
      save: pageAction(
        z.strictObject({ context: toolEditorContextSchema, fields: jsonObjectSchema }),
        ({ context, fields }) => save(store, context, fields),
      ),
    },
    follows: (event, { vmcp_id }) => 'vmcp_id' in event && event.vmcp_id === vmcp_id,
  };
}

interface Found {
  place: Exclude<ItemPlace, { at: 'resource' }>;
  item: CustomTool | CustomPrompt;
}

/** @throws RestError where it is gone */
async function find(store: ItemStore, { vmcp_id, item, name }: ToolEditorContext): Promise<Found> {
  const vmcp = (await store.vmcps()).find((one) => one.vmcp_id === vmcp_id);
  const tool = item === 'tool' && vmcp?.custom_tools.find((one) => one.name === name);
  if (vmcp && tool) {
    return { place: { at: 'tool', vmcp: vmcp.name, name, kind: tool.tool_type }, item: tool };
  }
  const prompt = item === 'prompt' && vmcp?.custom_prompts.find((one) => one.name === name);
  if (vmcp && prompt) return { place: { at: 'prompt', vmcp: vmcp.name, name }, item: prompt };
  throw new RestError(404, vscode.l10n.t('“{0}” does not exist any more', name), '');
}

/** The item with the text as it stands in its editor, saved or not. */
async function withOpenText(store: ItemStore, context: ToolEditorContext): Promise<JsonValue> {
  const { place, item } = await find(store, context);
  const key = uriOf(place).toString();
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
  // What was opened and never shown again may be older than what is saved.
  if (!open?.isDirty) return asJson(item);
  const text = open.getText();
  return asJson('tool_type' in item ? withToolText(item, text) : withPromptText(item, text));
}

/** Writes what the form holds; code and text stay as they are, for they are the document's. */
function save(
  store: ItemStore,
  context: ToolEditorContext,
  fields: JsonObject,
): Promise<JsonValue> {
  return store.inTurn(async () => {
    const { item } = await find(store, context);
    const items = await store.items(context.vmcp_id);
    const { name } = context;
    if ('tool_type' in item) {
      const merged = { ...fields, ...writtenPart(item), name, tool_type: item.tool_type };
      return asJson(await items.replace('custom-tools', name, merged as unknown as CustomTool));
    }
    const { text, messages } = item;
    const written = { ...(text !== undefined && { text }), ...(messages && { messages }) };
    const merged = { ...fields, ...written, name } as unknown as CustomPrompt;
    return asJson(await items.replace('custom-prompts', name, merged));
  });
}

function writtenPart(tool: CustomTool): object {
  switch (tool.tool_type) {
    case 'python':
      return { code: tool.code };
    case 'prompt':
      return { text: tool.text };
    default:
      return {};
  }
}

function uriOf(place: ItemPlace): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path: itemPath(place) });
}

function asJson(item: object | null): JsonValue {
  return item as unknown as JsonValue;
}
