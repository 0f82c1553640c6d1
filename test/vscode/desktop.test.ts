import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests, runVSCodeCommand } from '@vscode/test-electron';
import { Cleanup, makeTempDir } from '../support/cleanup.ts';
import { Agents } from './agents.ts';
import { AgentWindow } from './agentWindow.ts';
import { checkToolCall, Storage } from './storage.ts';

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

/** Only where VS Code can be downloaded and shown: `VSCODE_DESKTOP=1 npm test vscode`. */
describe('a desktop VS Code with the extension', () => {
  const cleanup = new Cleanup();
  after(() => cleanup.run());

  it('starts the server, offers the tools of a vMCP, and calls go through', async () => {
    const folder = await makeTempDir(cleanup);
    const workspace = join(folder, 'a');
    await mkdir(workspace);
    const data = [`--user-data-dir=${folder}/data`, `--extensions-dir=${folder}/extensions`];
    const vsix = path('../../.vscode-test/vmcp.vsix');
    await runVSCodeCommand(['--install-extension', vsix, ...data]);

    const agents = new Agents();
    cleanup.add(() => agents.close());
    const VMCP_TEST_AGENTS = await agents.listen();
    const run = runTests({
      vscodeExecutablePath: await downloadAndUnzipVSCode(),
      extensionDevelopmentPath: path('agent'),
      extensionTestsPath: path('agent/agent.cjs'),
      extensionTestsEnv: { VMCP_TEST_AGENTS },
      launchArgs: [workspace, ...data],
    });
    await agents.ready(workspace);
    const storage = new Storage(join(folder, 'data/User/globalStorage/vmcp.vmcp'));
    await checkToolCall(new AgentWindow(workspace, agents), storage);
    await agents.end(workspace);
    await run;
  });
});
