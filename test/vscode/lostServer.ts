import { eventually } from '../support/eventually.ts';
import type { Frame } from './host.ts';
import type { WebviewSession } from './webviewSession.ts';

/** What a user does in editors while the server process is gone. It ends the session's server. */
export function testLostServer(session: WebviewSession): void {
  let id: string;
  const rest = () => session.setup.storage.rest();

  /** Types, kills the server, and saves once there is the next one. */
  const typeAndSave = async (frame: Frame, field: string, saved: () => Promise<unknown>) => {
    const { pid } = await session.setup.storage.server();
    await frame.locator(field).fill('Typed meanwhile');
    process.kill(pid, 'SIGKILL');
    await frame.locator('.banner').first().waitFor();
    await eventually(
      async () => {
        if ((await saved()) === 'Typed meanwhile') return true;
        const save = frame.locator('vscode-button:not([disabled]):has-text("Save")');
        await save.first().click({ timeout: 2_000 });
        return false;
      },
      { timeoutMs: 60_000, what: 'the save' },
    );
  };

  describe('pages whose server is gone', () => {
    before(async () => {
      const tool = { tool_type: 'http', name: 'get', api_config: { url: 'http://127.0.0.1:9/' } };
      id = await (await rest()).addVmcp('lasting', [], { custom_tools: [tool] });
    });
    after(() => session.closeEditors());

    it('the vMCP editor keeps what is typed, and goes on when it is back', async () => {
      const frame = await session.show('vmcpEditor', id, 'vmcp.editVmcp', {
        type: 'vmcp',
        vmcpId: id,
      });
      await typeAndSave(frame, '#description textarea', async () => {
        return (await (await rest()).ok('GET', `/api/vmcps/${id}`)).description;
      });
      await session.closeEditors();
    });

    it('the tool editor does so, too', async () => {
      const node = { type: 'ownItem', vmcpId: id, list: 'custom-tools', name: 'get' };
      const frame = await session.show('toolEditor', '"get"', 'vmcp.editItem', node);
      await typeAndSave(frame, 'textarea[aria-label^="Description"]', async () => {
        const path = `/api/vmcps/${id}/custom-tools/get`;
        return (await (await rest()).ok('GET', path)).description;
      });
    });
  });
}
