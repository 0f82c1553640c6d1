import assert from 'node:assert/strict';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import type { Frame } from './host.ts';
import { UserWindow } from './userWindow.ts';
import { webviewFrame } from './webview.ts';
import type { WebviewSession } from './webviewSession.ts';

/** What a user does in the editor of a vMCP. */
export function testVmcpEditor(session: WebviewSession): void {
  let id: string;
  let frame: Frame;
  const command = 'vmcp.editVmcp';
  const node = () => ({ type: 'vmcp', vmcpId: id });
  const show = () => session.show('vmcpEditor', id, command, node());
  const saved = async () => (await session.setup.storage.rest()).ok('GET', `/api/vmcps/${id}`);
  /** As long as it can be pressed: what is pressed meanwhile is lost. */
  const button = (label: string) =>
    frame.locator(`vscode-button:not([disabled]):has-text("${label}")`).first();
  const shows = (page: Frame, selector: string, text: string) =>
    eventually(async () => (await page.locator(selector).inputValue()) === text, {
      what: `“${text}” in ${selector}`,
    });
  /** Saved by the page, as far as itself knows. */
  const isClean = () => frame.locator('[role="status"]:text-is("Saved")').first().waitFor();
  const titles = () => session.window.page.locator('.tab .label-name').first().textContent();

  describe('the vMCP editor', () => {
    before(async () => {
      id = await session.rest.addVmcp('edited', [session.every], {
        active_config: { greeting: 'Hello', token: 's3cret' },
        secret_keys: ['token'],
      });
    });
    after(() => session.closeEditors());

    it('shows its content 300 ms after the command', async () => {
      await show();
      await session.closeEditors();
      await session.assertQuick('vmcpEditor', id, command, node());
    });

    it('renames a tool, fixes an argument, unticks another tool and saves', async () => {
      frame = await show();
      await frame.locator('.fold:has-text("every")').click();
      await frame.locator('button[aria-label="Change echo"]').click();
      await frame.locator('.override input[aria-label="Name"]').fill('say');
      const argument = frame.locator('.argument[aria-label="message"]');
      await argument.locator('vscode-single-select').first().click();
      await argument.locator('[role="option"]:has-text("it is fixed")').click();
      await argument.locator('input[aria-label="Fixed value"]').fill('@config.greeting!');
      await frame.locator('vscode-checkbox:has(label:has-text("get-sum"))').first().click();
      await frame.locator('#max_result_bytes input').fill('64 kB');
      await frame.locator('.wrong:has-text("Enter a whole number")').first().waitFor();
      await frame.locator('#max_result_bytes input').fill('65536');
      await button('Save').click();
      await isClean();
      const vmcp = await saved();
      assert.equal(vmcp.options.max_result_bytes, 65_536);
      const [part] = vmcp.mcp_servers;
      assert.deepEqual(part.overrides, {
        echo: { name: 'say', arguments: { message: { value: '@config.greeting!' } } },
      });
      assert(Array.isArray(part.tools) && !part.tools.includes('get-sum'));
      assert(part.tools.includes('echo'));
    });

    it('says at the field what the server refuses, and keeps what was typed', async () => {
      await frame.locator('.override input[aria-label="Name"]').fill('not a name');
      await button('Save').click();
      const problem = frame.locator('.override .wrong').first();
      await problem.waitFor();
      assert.match((await problem.textContent()) ?? '', /must be 1 to 46/);
      const typed = frame.locator('.override input[aria-label^="Name"]').first();
      assert.equal(await typed.inputValue(), 'not a name');
      await button('Discard').click();
      await eventually(async () => (await titles()) === 'edited', { what: 'the title' });
    });

    it('shows what is not saved after the page was closed and opened again', async () => {
      await frame.locator('#name input').fill('other name');
      await eventually(async () => (await titles()) === '● edited', { what: 'the dot in the tab' });
      await session.closeEditors();
      frame = await show();
      await shows(frame, '#name input', 'other name');
    });

    it('takes in what somebody else changes meanwhile', async () => {
      await session.rest.ok('PUT', `/api/vmcps/${id}`, { description: 'from elsewhere' });
      const description = frame.locator('#description textarea');
      await eventually(async () => (await description.inputValue()) === 'from elsewhere');
      await shows(frame, '#name input', 'other name');
    });

    it('asks whose change holds where both changed the same', async () => {
      await session.rest.ok('PUT', `/api/vmcps/${id}`, { name: 'their name' });
      await button('Take theirs').waitFor();
      await button('Keep mine').click();
      await button('Save').click();
      await isClean();
      assert.equal((await saved()).name, 'other name');
    });

    it('keeps secrets secret', async () => {
      await frame.locator('.config[aria-label="token"] input[type="password"]').fill('n3w');
      await eventually(async () => (await titles()) === '● other name', { what: 'the dot' });
      await button('Save').click();
      await isClean();
      await eventually(async () => (await titles()) === 'other name', { what: 'the title' });
      assert.equal((await saved()).active_config.token, '********');
    });

    it('hinders nobody, in no theme, and fits 300 px', async () => {
      await session.assertPresentable(frame, 'vmcpEditor');
    });

    it('shows what is not saved after the window was reloaded', async () => {
      const { host, folder } = session.setup;
      const user = await UserWindow.open(host, join(folder, 'b'));
      const page = await eventually(
        async () => {
          await user.palette('vMCP: Edit vMCP');
          await user.pick('other name');
          return webviewFrame(user.page, 'vmcpEditor', id, 5_000);
        },
        { timeoutMs: 60_000, what: 'the editor' },
      );
      await page.locator('#system_prompt textarea').fill('Be brief. @config.greeting');
      const tab = user.page.locator('.tab:has-text("● other name")').first();
      await tab.waitFor();
      await user.reload();
      await tab.waitFor({ timeout: 60_000 });
      const restored = await webviewFrame(user.page, 'vmcpEditor', id);
      await shows(restored, '#system_prompt textarea', 'Be brief. @config.greeting');
      await restored.locator('vscode-button:not([disabled]):has-text("Save")').first().click();
      await eventually(async () => (await saved()).system_prompt !== '', { what: 'the save' });
      await user.close();
    });
  });
}
