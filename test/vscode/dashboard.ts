import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { assertAccessible } from './axe.ts';
import type { Frame } from './host.ts';
import type { WebviewSession } from './webviewSession.ts';

/** What a user does in the dashboard. */
export function testDashboard(session: WebviewSession): void {
  let id: string;
  let frame: Frame;
  const command = 'vmcp.openDashboard';
  const show = () => session.show('dashboard', '{}', command);
  const rest = () => session.setup.storage.rest();
  const textOf = async (selector: string) =>
    (await frame.locator(selector).first().textContent())?.replace(/\s+/g, ' ').trim() ?? '';
  const shows = (selector: string, text: RegExp) =>
    eventually(async () => text.test(await textOf(selector)), { what: `${text} in ${selector}` });
  const rows = (count: number) =>
    eventually(async () => (await frame.locator('.rows .summary').count()) === count, {
      what: `${count} rows`,
    });
  const call = async (name: string, message: string) =>
    (await rest()).send('POST', `/api/vmcps/${id}/tools/call`, { name, arguments: { message } });
  const choose = (label: string, value: string) =>
    frame.locator(`.choice:has-text("${label}") select`).selectOption(value);

  describe('the dashboard', () => {
    before(async () => {
      id = await (await rest()).addVmcp('watched', [session.every]);
      await call('every.echo', 'the first one');
      await call('every.echo', 'the second one');
      await call('every.get-sum', 'no number');
    });
    after(() => session.closeEditors());

    it('shows its content 300 ms after the command', async () => {
      await show();
      await session.closeEditors();
      await session.assertQuick('dashboard', '{}', command);
    });

    it('counts calls and failures, by tool, server, client and vMCP', async () => {
      frame = await show();
      await choose('vMCP', id);
      await shows('.tiles', /Calls 3 Failed 1 33 %/);
      await shows('.list.tools tbody', /every\.echo 2 0 .* every\.get-sum 1 1 /);
      await shows('.list.servers tbody', /every 3 1/);
      await shows('.list.clients tbody', /REST 3 1/);
      await shows('.list.vmcps tbody', /watched 3 1 .* \d,\d{3}$/);
      await frame.locator('call-chart[aria-label*="3 calls, 1 failed"]').first().waitFor();
      await eventually(async () => (await frame.locator('call-chart canvas').count()) === 2);
    });

    it('shows calls as they are made', async () => {
      await call('every.echo', 'the third one');
      await shows('.tiles', /Calls 4 Failed 1/);
      await rows(4);
    });

    it('narrows to a tool by a click, and to text that was sent', async () => {
      await frame.locator('.list.tools button:has-text("every.get-sum")').click();
      await shows('.tiles', /Calls 1 Failed 1/);
      await frame.locator('.chip').first().click();
      await shows('.tiles', /Calls 4/);
      await frame.locator('input[type="search"]').fill('SECOND one');
      await shows('.tiles', /Calls 1 Failed 0/);
      await frame.locator('input[type="search"]').fill('');
      await shows('.tiles', /Calls 4/);
      await rows(4);
    });

    it('unfolds a call into its record, runs it again and copies it as curl', async () => {
      await frame.locator('.rows .fold').first().click();
      await shows('.record', /Arguments \{ "message": "the third one" \}/);
      await session.assertPresentable(frame, 'dashboard');
      await frame.locator('vscode-button:has-text("Copy as curl")').first().click();
      await shows('.record', /Copied\. VMCP_TOKEN stands for/);
      const line = await session.window.run(async (vscode) => vscode.env.clipboard.readText());
      assert.match(String(line), /^curl -sS -X POST 'http:.*\$VMCP_TOKEN.*the third one/s);
      const { adminToken } = await session.setup.storage.server();
      assert.equal(String(line).includes(adminToken), false);

      await frame.locator('vscode-button:has-text("Run again")').first().click();
      const { page } = session.window;
      // a tool that does not say that it only reads is asked about
      const dialog = page.locator('.monaco-dialog-box');
      const asked = dialog.locator('.monaco-button:has-text("Run again")').first();
      await Promise.race([
        asked.waitFor().then(() => asked.click()),
        frame.locator('.again').first().waitFor(),
      ]);
      await shows('.record .again', /Run again: .*OK .*Echo: the third one/);
      await shows('.tiles', /Calls 5/);
      await frame.locator('.rows .fold[aria-expanded="true"]').first().click();
    });

    it('writes the selected rows into a file', async () => {
      const file = join(session.setup.folder, 'a', 'calls.csv');
      const { page } = session.window;
      await frame.locator('button[aria-label^="Export"]').first().click();
      const widget = page.locator('.quick-input-widget:visible');
      await widget.locator('.monaco-list-row[aria-label^="CSV"]').first().click();
      await widget.locator('.quick-input-title:has-text("Export the log")').first().waitFor();
      const path = widget.locator('input[type="text"]').first();
      await eventually(async () => (await path.inputValue()).endsWith('vmcp-log.csv'));
      await path.fill(file);
      await page.keyboard.press('Enter');
      await shows('.banner', /The log was written to calls\.csv/);
      const lines = (await readFile(file, 'utf8')).trim().split('\r\n');
      assert.equal(lines.length, 1 + 5);
      assert.match(lines[1] ?? '', /,REST,tools\/call,every\.echo,/);
    });

    it('switches a tool off that nobody used, and takes that back', async () => {
      const selected = async () =>
        (await (await rest()).ok('GET', `/api/vmcps/${id}`)).mcp_servers[0].tools;
      const button = '.unused button[aria-label^="Switch off every."]';
      const label = await frame.locator(button).first().getAttribute('aria-label');
      const tool = /every\.(\S+)/.exec(label ?? '')?.[1] ?? '';
      // By its name: the list may move.
      await frame.locator(`.unused button[aria-label="${label}"]`).first().click();
      await shows('.banner', /is switched off in watched/);
      assert.equal((await selected()).includes(tool), false);
      assert.equal((await selected()).includes('echo'), true);
      await frame.locator('.banner vscode-button:has-text("Undo")').first().click();
      await eventually(
        async () => (await selected()) === 'all' || (await selected()).includes(tool),
      );
    });

    it('keeps its filters when it is hidden', async () => {
      await choose('Outcome', 'false');
      await shows('.tiles', /Calls 1 Failed 1 100 %/);
      await session.window.command('workbench.action.files.newUntitledFile');
      await session.window.command('workbench.action.closeActiveEditor');
      frame = await show();
      await shows('.tiles', /Calls 1 Failed 1 100 %/);
      await assertAccessible(frame);
    });

    it('says why it is empty, and what to do', async () => {
      await frame.locator('input[type="search"]').fill('nothing of this kind');
      await shows(
        '.empty',
        /No calls here Nothing in the log fits the filters\. Clear the filters/,
      );
      await frame.locator('.empty vscode-button:has-text("Clear the filters")').first().click();
      await shows('.tiles', /Calls \d/);
    });
  });
}
