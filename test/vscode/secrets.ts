import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { pressInNotification } from './adding.ts';
import type { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

const key = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';

/** A key in plain text is moved into a secret, as it was shown before, and back; a missing secret is asked for. */
export async function checkSecrets(window: TestWindow, storage: Storage): Promise<void> {
  const rest = await storage.rest();
  const url = `http://127.0.0.1:9/mcp?api_key=${key}`;
  const body = { name: 'keyed', transport_type: 'http', config: { url } };
  const { server_id } = await rest.ok('POST', '/api/mcp-servers', body);
  const urlNow = async () =>
    (await rest.ok('GET', `/api/mcp-servers/${server_id}`)).config.url as string;
  const picker = window.page.locator('.quick-input-widget:visible');
  const reference = `\${secret:keyed-api-key}`;

  const found = picker.locator(`.monaco-list-row:has-text("${reference}")`);
  await eventually(
    async () => {
      await window.begin('vmcp.moveLiteralKeys');
      await found.waitFor({ timeout: 3_000 });
      return true;
    },
    { what: 'the key in the list' },
  );
  assert(!(await found.textContent())?.includes(key), 'most of the key is hidden');
  await window.page.keyboard.press('Enter');
  await eventually(async () => (await urlNow()).endsWith(`?api_key=${reference}`), {
    what: 'the reference',
  });
  const used = [{ name: 'keyed-api-key', used_by: [server_id] }];
  assert.deepEqual(await rest.ok('GET', '/api/secrets'), used);
  await pressInNotification(window, 'Undo');
  await eventually(async () => (await urlNow()) === url, { what: 'the old address' });
  await eventually(async () => (await rest.ok('GET', '/api/secrets')).length === 0);

  const missing = { url: `http://127.0.0.1:9/mcp?api_key=${reference}` };
  await rest.ok('PUT', `/api/mcp-servers/${server_id}`, { config: missing });
  await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
  await pressInNotification(window, 'Set secret');
  const title = picker.locator('.quick-input-title:has-text("Set secret keyed-api-key")');
  await title.waitFor();
  await picker.locator('.quick-input-box input').fill('a value');
  await window.page.keyboard.press('Enter');
  await eventually(async () => (await rest.ok('GET', '/api/secrets')).length === 1, {
    what: 'the secret',
  });
  await rest.ok('DELETE', '/api/secrets/keyed-api-key');
  await rest.ok('DELETE', `/api/mcp-servers/${server_id}`);
  await window.command('notifications.clearAll');
  await window.command('notifications.hideList');
}
