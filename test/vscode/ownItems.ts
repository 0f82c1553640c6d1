import assert from 'node:assert/strict';
import type { ServerFile } from '../../src/contract/admin.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import type { AgentWindow } from './agentWindow.ts';
import { startPathApi } from './pathApi.ts';
import type { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

const picture = Buffer.from('89504e470d0a1a0a00ff', 'hex');

const addPython = `def main(a: int, b: int = 2) -> dict:
    """Adds two numbers."""
    print("not part of the result")
    return {"sum": a + b}
`;

const who = { name: 'who', type: 'str', required: true };

/** A vMCP without servers: a tool of each kind, a prompt of several messages and a file. */
const ownItems = (stock: string) => ({
  active_config: { greeting: 'Hello' },
  custom_tools: [
    { tool_type: 'python', name: 'add', code: addPython },
    { tool_type: 'prompt', name: 'greet', text: '@config.greeting, @param.who!', variables: [who] },
    {
      tool_type: 'http',
      name: 'stock',
      variables: [
        { name: 'id', required: true },
        { name: 'count', type: 'int' },
      ],
      api_config: { url: `${stock}/items/{id}`, query_params: { n: '@param.count' } },
    },
    {
      tool_type: 'composite',
      name: 'both',
      variables: [{ name: 'a', type: 'int', required: true }],
      steps: [
        { id: 'sum', tool: 'vmcp.add', arguments: { a: '@param.a' } },
        { id: 'greeting', tool: 'vmcp.greet', arguments: { who: 'number {{steps.sum.sum}}' } },
      ],
    },
  ],
  custom_prompts: [
    {
      name: 'review',
      variables: [who],
      messages: [
        { role: 'user', text: 'I am @param.who. @resource(vmcp.picture.png)' },
        { role: 'assistant', text: 'Show me.' },
      ],
    },
  ],
  custom_resources: [{ name: 'picture.png' }],
});

/** What VS Code gets of a vMCP's own items, and what REST says of them. */
export async function checkOwnItems(
  window: AgentWindow,
  storage: Storage,
  cleanup: Cleanup,
): Promise<void> {
  const rest = await storage.rest();
  const id = await rest.addVmcp('own', [], ownItems(await startPathApi(cleanup)));
  const uri = await upload(await storage.server(), id);

  await checkTools(window);
  assert.deepEqual(await readResource(window, 'own', uri), [...picture]);
  const prompt = { name: 'review', arguments: { who: 'Ada' } };
  const { messages } = await rest.ok('POST', `/api/vmcps/${id}/prompts/get`, prompt);
  const resource = { uri, mimeType: 'image/png', blob: picture.toString('base64') };
  assert.deepEqual(messages, [
    { role: 'user', content: { type: 'text', text: 'I am Ada. ' } },
    { role: 'user', content: { type: 'resource', resource } },
    { role: 'assistant', content: { type: 'text', text: 'Show me.' } },
  ]);
  assert.deepEqual((await rest.ok('GET', `/api/vmcps/${id}`)).problems, []);
}

/** A prompt of several messages, chosen in the chat as a user does; VS Code writes it into the input. */
export async function checkOwnPrompt(window: TestWindow): Promise<void> {
  await window.begin('workbench.action.chat.open');
  const input = window.page.locator('.interactive-input-editor .view-lines').first();
  const suggestion = '.suggest-widget.visible .monaco-list-row.focused:has-text("own.review")';
  await eventually(
    async () => {
      // Suggestions that come too late are not shown before the next stroke.
      await input.click({ timeout: 5_000 });
      await window.page.keyboard.press('Control+A');
      await window.page.keyboard.type('/mcp.vMCP__own.rev');
      await window.page.locator(suggestion).waitFor({ timeout: 5_000 });
      return true;
    },
    { what: 'the prompt among the suggestions' },
  );
  await window.page.keyboard.press('Enter');
  await window.answer('Value for: who', 'Ada');
  const written = async () => (await input.textContent())?.replaceAll('\u00a0', ' ') ?? '';
  await eventually(async () => /USER.*I am Ada\..*ASSISTANT.*Show me\./.test(await written()), {
    what: 'the prompt in the chat',
  });
  await window.command('workbench.action.closeAuxiliaryBar');
}

async function checkTools(window: AgentWindow): Promise<void> {
  const add = await window.startVmcp('own', '_add');
  const find = async (tool: string) => (await window.findTool(tool)) ?? assert.fail(tool);
  assert.match(await window.invoke(add, { a: 40 }), /^\{"sum": ?42\}/);
  const greeting = await window.invoke(await find('_greet'), { who: '@param.who' });
  assert.equal(greeting, 'Hello, @param.who!');
  const stock = await window.invoke(await find('_stock'), { id: 'a/b', count: 3 });
  assert.match(stock, /"path": ?"\/items\/a%2Fb\?n=3"/);
  assert.equal(await window.invoke(await find('_both'), { a: 1 }), 'Hello, number 3!');
  assert.match(await window.invoke(add, { a: 'many' }).catch(String), /\ba\b.*int/i);
}

/** Makes the picture the content of the resource. @returns the resource's URI */
async function upload({ port, adminToken }: ServerFile, vmcpId: string): Promise<string> {
  const path = `/api/vmcps/${vmcpId}/custom-resources/picture.png/content`;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'image/png' },
    body: picture,
  });
  const { uri } = (await answer.json()) as { uri: string };
  return uri;
}

/** Reads an MCP resource through VS Code's files, where it is `mcp-resource://<server>/<its URI>`. */
function readResource(window: AgentWindow, vmcp: string, uri: string): Promise<number[]> {
  const { protocol, host, pathname } = new URL(uri);
  const server = Buffer.from(`vmcp.vmcp/vMCP: ${vmcp}`).toString('hex');
  return window.run(
    async (vscode, file: string) => [
      ...(await vscode.workspace.fs.readFile(vscode.Uri.parse(file))),
    ],
    `mcp-resource://${server}/${protocol.slice(0, -1)}/${host}${pathname}`,
  );
}
