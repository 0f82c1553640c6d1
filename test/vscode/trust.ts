import assert from 'node:assert/strict';
import type { ClientToken } from '../../src/contract/admin.ts';
import { eventually } from '../support/eventually.ts';
import { RawClient } from '../support/rawHttp.ts';
import type { Person } from './person.ts';
import type { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

const clipboard = (window: TestWindow): Promise<string> =>
  window.run(async (vscode) => vscode.env.clipboard.readText());

/** A client token is made, bound to a vMCP, listed, and withdrawn, as a user does it. */
export async function checkClientTokens(person: Person, storage: Storage): Promise<void> {
  const rest = await storage.rest();
  const [{ vmcp_id, name }] = await rest.ok('GET', '/api/vmcps');
  const other = await rest.addVmcp('other', []);
  const find = async () => {
    const tokens: ClientToken[] = await rest.ok('GET', '/api/admin/client-tokens');
    return tokens.find((each) => each.name === 'laptop');
  };
  const title = 'Manage client tokens';

  await person.run(title);
  await person.asked('Client tokens');
  await person.row('New client token').click();
  await person.answer('New client token', 'laptop');
  await person.row('All virtual MCP servers').waitFor();
  await person.row(name).click();
  const { token, vmcp_id: opens } = await eventually(find, { what: 'the token' });
  assert.equal(opens, vmcp_id);
  const copied = person.page.locator('.statusbar-item:has-text("Address of laptop copied")');
  await copied.first().waitFor();

  const statusOf = async (vmcp: string) => {
    const { port } = await storage.server();
    const client = new RawClient(`http://127.0.0.1:${port}/t/${token}/mcp/${vmcp}`);
    const answer = await client.exchange('POST', '{"jsonrpc":"2.0","id":1,"method":"ping"}');
    client.close();
    return answer.status;
  };
  assert.deepEqual([await statusOf(vmcp_id), await statusOf(other)], [200, 404]);

  await person.run(title);
  await person.asked('Client tokens');
  await person.row('laptop').hover();
  await person.row('laptop').locator('.codicon-trash').first().click();
  const button = '.monaco-dialog-box .monaco-button:has-text("Withdraw")';
  await person.page.locator(button).first().click();
  await eventually(async () => (await find()) === undefined, { what: 'the withdrawal' });
  assert.equal(await statusOf(vmcp_id), 404);
  const isListed = async (label: string) => (await person.row(label).count()) > 0;
  const isNewList = async () => (await isListed('New client token')) && !(await isListed('laptop'));
  await eventually(isNewList, { what: 'the list without it' });
  await person.giveUp();
  await rest.ok('DELETE', `/api/vmcps/${other}`);
}

/** *Copy diagnostics* puts versions, states and last errors into the clipboard, and no secrets. */
export async function checkDiagnostics(window: TestWindow, storage: Storage): Promise<void> {
  const rest = await storage.rest();
  const secret = 'planted-secret-of-the-window';
  const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
    name: 'broken',
    transport_type: 'stdio',
    config: { command: `/no/such/${secret}`, args: [], env: { KEY: secret } },
  });
  await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
  await window.command('vmcp.copyDiagnostics');
  const text = await clipboard(window);
  const report = JSON.parse(text);
  assert.equal(report.window.connection, 'connected');
  assert.match(report.window.vscode, /^1\.\d+/);
  const broken = report.server.servers.find((each: { name: string }) => each.name === 'broken');
  assert.equal(broken.status, 'error');
  assert.match(broken.last_error, /\*{8}/);
  const tokens: { token: string }[] = await rest.ok('GET', '/api/admin/client-tokens');
  const { adminToken } = await storage.server();
  for (const each of [secret, adminToken, ...tokens.map(({ token }) => token)]) {
    assert.equal(text.includes(each), false);
  }
  await rest.ok('DELETE', `/api/mcp-servers/${server_id}`);
}

/**
 * A folder that nobody trusts: its window offers no vMCP, so that nothing is started for it, and refuses
 * what would start something, until the user trusts it.
 */
export async function checkRestrictedMode(window: TestWindow, storage: Storage): Promise<void> {
  await storage.awaitServer(window);
  const rest = await storage.rest();
  const trusts = () => window.run((vscode) => vscode.workspace.isTrusted);
  assert.equal(await trusts(), false);
  const vmcp = await rest.addVmcp('unseen', []);
  await window.command('vmcp.vmcpsView.focus');
  await window.treeItem('Virtual MCP', 'unseen').waitFor();
  // The view has it, so the registration has heard of it, too: VS Code's own list says what it was told.
  const picker = window.page.locator('.quick-input-widget:visible');
  const offered = async () => {
    await window.begin('workbench.mcp.listServer');
    await picker.waitFor();
    const isThere = (await picker.locator('.monaco-list-row:has-text("unseen")').count()) > 0;
    await window.page.keyboard.press('Escape');
    await picker.waitFor({ state: 'hidden' });
    return isThere;
  };
  assert.equal(await offered(), false);

  await window.begin('vmcp.addServer');
  const refusal = window.page.locator('.notifications-toasts:has-text("In Restricted Mode")');
  await refusal.first().waitFor();
  assert.deepEqual(await rest.ok('GET', '/api/mcp-servers'), []);
  await window.command('notifications.clearAll');

  await window.begin('workbench.trust.manage');
  const trust = window.page.locator('.workspace-trust-editor .monaco-button:has-text("Trust")');
  await trust.first().click();
  await eventually(trusts, { what: 'the trust' });
  await eventually(offered, { what: 'the vMCP in the list of VS Code' });
  await window.command('workbench.action.closeAllEditors');
  await rest.ok('DELETE', `/api/vmcps/${vmcp}`);
}
