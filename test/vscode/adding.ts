import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import type { Locator } from './host.ts';
import type { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

/** The quick pick or input box that is open. */
export class QuickInput {
  readonly #widget: Locator;

  constructor(private readonly window: TestWindow) {
    this.#widget = window.page.locator('.quick-input-widget:visible');
  }

  async type(text: string): Promise<void> {
    await this.#widget.locator('.quick-input-box input').first().fill(text);
  }

  press(key: string): Promise<void> {
    return this.window.page.keyboard.press(key);
  }

  /** A line of the list, by a part of its text. */
  row(text: string): Locator {
    return this.#widget.locator(`.monaco-list-row:has-text("${text}")`).first();
  }

  async shows(text: string): Promise<void> {
    await this.row(text).waitFor();
  }

  /** What stands below the box: a question, or what is wrong with what was typed. */
  async says(text: string): Promise<void> {
    await this.#widget.locator(`.quick-input-message:has-text("${text}")`).waitFor();
  }

  async goBack(): Promise<void> {
    await this.#widget.locator('.quick-input-titlebar .codicon-quick-input-back').click();
  }

  async titled(title: string): Promise<void> {
    await this.#title(title).waitFor();
  }

  async isGone(): Promise<void> {
    await this.#widget.waitFor({ state: 'hidden' });
  }

  async isTitled(title: string): Promise<boolean> {
    return (await this.#title(title).count()) > 0;
  }

  #title(title: string): Locator {
    return this.#widget.locator(`.quick-input-title:has-text("${title}")`);
  }
}

/** What the input for new servers says of what is typed; nothing is added. */
export async function checkRecognition(window: TestWindow): Promise<void> {
  const input = new QuickInput(window);
  await window.begin('vmcp.addServer');
  await input.titled('Add MCP server (1/2)');
  await input.shows('Browse the registry');
  await input.type('{"mcpServers": {"a": ');
  await input.shows('This is no valid JSON');
  await input.type(
    '{"mcpServers": {"a": {"command": "node"}, "b": {"url": "https://b.example/mcp"},}}',
  );
  await input.shows('Choose among 2 servers');
  await input.type('no-such-program --flag');
  await input.shows('The program “no-such-program” was not found');
  await input.press('Enter');
  await input.titled('Add MCP server (2/3)');
  await input.row('Change what was entered').click();
  // What was typed is there again.
  await input.shows('no-such-program --flag');
  await input.press('Escape');
}

/** A server of the workspace's `mcp.json` is added, and a vMCP written beside it and taken out again. */
export async function checkFiles(window: TestWindow, storage: Storage): Promise<void> {
  const file = join(window.folder, '.vscode', 'mcp.json');
  const text = `{
  // servers of this project
  "inputs": [{ "id": "key", "type": "promptString", "password": true }],
  "servers": {
    "tracker": { "url": "http://127.0.0.1:9/mcp", "headers": { "X-Key": "\${input:key}" } },
  },
}
`;
  await mkdir(join(window.folder, '.vscode'), { recursive: true });
  await writeFile(file, text);
  const rest = await storage.rest();
  const input = new QuickInput(window);

  await window.begin('vmcp.importServers');
  await input.titled('Import MCP servers');
  await input.shows('tracker');
  await input.press('Enter');
  await input.titled('(1/1)');
  await input.type('the key');
  await input.press('Enter');
  const tracker = await eventually(
    async () => {
      const servers: { name: string; server_id: string; config: object }[] = await rest.ok(
        'GET',
        '/api/mcp-servers',
      );
      return servers.find(({ name }) => name === 'tracker');
    },
    { what: 'the imported server' },
  );
  assert.deepEqual(tracker.config, {
    url: 'http://127.0.0.1:9/mcp',
    headers: { 'X-Key': '********' },
  });
  await rest.ok('DELETE', `/api/mcp-servers/${tracker.server_id}`);

  const [{ vmcp_id, name }] = await rest.ok('GET', '/api/vmcps');
  await window.begin('vmcp.exportVmcp', { type: 'vmcp', vmcpId: vmcp_id });
  await input.titled(`Export ${name}`);
  await input.type('VS Code workspace');
  await input.shows('mcp.json');
  await input.press('Enter');
  await pressInNotification(window, 'Write');
  await eventually(async () => (await readFile(file, 'utf8')).includes(vmcp_id), {
    what: 'the entry',
  });
  assert((await readFile(file, 'utf8')).includes('// servers of this project'));
  await pressInNotification(window, 'Undo');
  await eventually(async () => (await readFile(file, 'utf8')) === text, { what: 'the old bytes' });
  await rm(file);
  await window.command('notifications.clearAll');
  await window.command('notifications.hideList');
}

/** Notifications are only shown in their list while no person is at the window. */
export async function pressInNotification(window: TestWindow, button: string): Promise<void> {
  await eventually(
    async () => {
      await window.command('notifications.showList');
      const found = window.page.locator(
        `.notifications-center .monaco-button:has-text("${button}")`,
      );
      if ((await found.count()) === 0) return false;
      await found.first().click({ timeout: 2_000 });
      return true;
    },
    { what: `the notification with “${button}”` },
  );
}
