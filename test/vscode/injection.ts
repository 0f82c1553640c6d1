import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cleanup, makeTempDir } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import type { Frame } from './host.ts';
import type { WebviewSession } from './webviewSession.ts';

const markup = '<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>';
const tool = {
  name: `shown ${markup}`,
  title: markup,
  description: `${markup} [click](command:workbench.action.closeWindow)`,
  inputSchema: {
    type: 'object',
    properties: { [markup]: { type: 'string', description: markup } },
  },
};

/** Names, descriptions and results of tools are text in every page, whatever is written in them. */
export function testInjection(session: WebviewSession): void {
  const cleanup = new Cleanup();
  let server: string;
  let vmcp: string;

  /** Waits until a page shows the markup as it is written. */
  async function assertText(frame: Frame, selector: string): Promise<void> {
    const all = frame.locator(selector).first();
    await eventually(async () => ((await all.textContent()) ?? '').includes('<img src=x'), {
      what: `the markup in ${selector}`,
    });
    assert.equal(await frame.locator('img[src="x"]').count(), 0);
    assert.equal(await frame.locator('a[href^="command:"]').count(), 0);
    assert.equal(await frame.evaluate('globalThis.owned ?? null'), null);
  }

  describe('markup in what a server says', () => {
    before(async () => {
      const file = join(await makeTempDir(cleanup), 'tools.json');
      await writeFile(file, JSON.stringify([tool]));
      const { rest } = session;
      server = await rest.addNodeServer('hostile', upstreams.changing, [file], {
        description: markup,
      });
      await rest.connect(server);
      const more = { description: markup, system_prompt: markup };
      vmcp = await rest.addVmcp('injected', [server], more);
      const call = { name: `hostile.${tool.name}`, arguments: {} };
      await rest.send('POST', `/api/vmcps/${vmcp}/tools/call`, call);
    });
    after(async () => {
      await session.closeEditors();
      await session.rest.ok('DELETE', `/api/vmcps/${vmcp}`);
      await session.rest.ok('DELETE', `/api/mcp-servers/${server}`);
      await cleanup.run();
    });

    it('stays text in the editor of a vMCP', async () => {
      const node = { type: 'vmcp', vmcpId: vmcp };
      const frame = await session.show('vmcpEditor', vmcp, 'vmcp.editVmcp', node);
      await frame.locator('.fold:has-text("hostile")').click();
      await assertText(frame, 'main');
    });

    it('stays text in the inspector, in results, too', async () => {
      const node = { type: 'serverPart', serverId: server, kind: 'tools', key: tool.name };
      const frame = await session.show('inspector', 'shown', 'vmcp.tryItem', node);
      await assertText(frame, 'main');
      await frame.locator('vscode-button#run').first().click();
      await assertText(frame, 'pre.output');
    });

    it('stays text in the dashboard', async () => {
      const frame = await session.show('dashboard', '{}', 'vmcp.openDashboard');
      await assertText(frame, '.list.tools tbody');
    });
  });
}
