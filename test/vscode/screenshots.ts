import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryServer } from '../fixtures/registry/registryServer.ts';
import { Cleanup } from '../support/cleanup.ts';
import { repository, upstreams } from '../support/paths.ts';
import type { Rest } from '../support/rest.ts';
import { Setup } from './setup.ts';
import { webviewFrame } from './webview.ts';
import type { TestWindow } from './window.ts';

const folder = join(repository, '.vscode-test/screenshots');
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};

const mcpJson = JSON.stringify({
  servers: {
    tracker: { command: 'npx', args: ['-y', '@example/tracker'] },
    search: { url: 'https://search.example/mcp' },
    files: { command: 'no-such-program' },
  },
});

/** Run by screenshots.mjs; none of the tests. */
describe('pictures', () => {
  const cleanup = new Cleanup();
  let window: TestWindow;
  let rest: Rest;
  let vmcpId: string;
  /** The folder that the window shows. */
  let project: string;

  before(async () => {
    const registry = await RegistryServer.start(cleanup);
    const setup = await Setup.start(cleanup, '1.139', { 'vmcp.registry.url': registry.url });
    project = join(setup.folder, 'a');
    await mkdir(join(project, '.vscode'));
    window = await setup.open('a');
    await setup.storage.awaitServer(window);
    rest = await setup.storage.rest();
    vmcpId = await fill(rest, setup.folder);
    await window.command('workbench.action.closeAuxiliaryBar');
    await window.command('workbench.view.extension.vmcp');
  });
  after(() => cleanup.run());

  const take = async (name: string) => {
    for (const [suffix, theme] of Object.entries(themes)) {
      await window.run(
        (vscode, to: string) =>
          vscode.workspace
            .getConfiguration()
            .update('workbench.colorTheme', to, true) as Promise<void>,
        theme,
      );
      await window.page
        .locator(`.monaco-workbench.${classOf(suffix)}`)
        .first()
        .waitFor();
      await window.page.screenshot({ path: join(folder, `${name}-${suffix}.png`) });
    }
  };
  const takeNarrow = async (name: string) => {
    await window.command('workbench.action.closeSidebar');
    await window.command('workbench.action.joinAllGroups');
    await window.page.setViewportSize({ width: 358, height: 780 });
    await window.page.screenshot({ path: join(folder, `${name}-narrow.png`) });
    await window.page.setViewportSize({ width: 1200, height: 780 });
    await window.command('workbench.view.extension.vmcp');
    await window.command('workbench.action.closeAllEditors');
  };
  const page = async (bundle: string, command: string, ...args: unknown[]) => {
    await window.begin(command, ...args);
    const frame = await webviewFrame(window.page, bundle);
    await frame.locator('h1').first().waitFor();
    return frame;
  };

  it('of the walkthrough', async () => {
    await window.page.setViewportSize({ width: 1600, height: 860 });
    await window.begin('vmcp.openWalkthrough');
    await window.page.locator('[data-step-id="vmcp.vmcp#start#compose"]').first().click();
    await take('walkthrough');
    await window.page.setViewportSize({ width: 1200, height: 780 });
    await window.command('workbench.action.closeAllEditors');
  });

  it('of the editor of a vMCP', async () => {
    const frame = await page('vmcpEditor', 'vmcp.editVmcp', { type: 'vmcp', vmcpId });
    await frame.locator('.fold:has-text("files")').first().click();
    await take('vmcp-editor');
    await takeNarrow('vmcp-editor');
  });

  it('of a custom tool', async () => {
    const node = { type: 'ownItem', vmcpId, list: 'custom-tools', name: 'word_count' };
    const frame = await page('toolEditor', 'vmcp.editItem', node);
    await frame.locator('input[aria-label^="text (required)"]').first().fill('How many words?');
    await frame.locator('vscode-button#run').first().click();
    await frame.locator('pre.output:text-is("3")').first().waitFor();
    await take('custom-tool');
    await takeNarrow('custom-tool');
  });

  it('of the inspector', async () => {
    const node = { type: 'vmcpPart', vmcpId, serverId: await idOf('every'), kind: 'tools' };
    await page('inspector', 'vmcp.tryItem', { ...node, key: 'get-sum' });
    await take('inspector');
    await takeNarrow('inspector');
  });

  it('of adding servers, and of an export', async () => {
    const widget = window.page.locator('.quick-input-widget:visible');
    const input = widget.locator('.quick-input-box input').first();
    const shows = (text: string) =>
      widget.locator(`.monaco-list-row:has-text("${text}")`).first().waitFor();
    await window.begin('vmcp.addServer');
    await shows('Browse the registry');
    await take('add-server');
    await input.fill(
      '{"mcpServers": {"a": {"command": "npx"}, "b": {"url": "https://b.example"}}}',
    );
    await shows('Choose among 2 servers');
    await take('add-pasted');
    await window.begin('vmcp.browseRegistry');
    await widget.locator('.quick-input-title:has-text("just now")').waitFor();
    await take('registry');
    await writeFile(join(project, '.vscode', 'mcp.json'), mcpJson);
    await window.begin('vmcp.importServers');
    await shows('tracker');
    await take('import');
    await window.page.keyboard.press('Escape');
    await window.begin('vmcp.exportVmcp', { type: 'vmcp', vmcpId });
    await shows('VS Code workspace');
    await take('export');
    await input.fill('VS Code workspace');
    await input.press('Enter');
    await window.page.locator('.monaco-diff-editor').first().waitFor();
    await window.command('notifications.showList');
    await take('export-diff');
    await window.command('notifications.clearAll');
    await window.command('workbench.action.closeAllEditors');
  });

  it('of the dashboard', async () => {
    const frame = await page('dashboard', 'vmcp.openDashboard');
    await frame.locator('.rows .summary').first().waitFor();
    await take('dashboard');
    await frame.locator('.rows .fold').first().click();
    await frame.locator('.record').first().waitFor();
    await take('dashboard-log');
    await takeNarrow('dashboard');
  });

  async function idOf(name: string): Promise<string> {
    const servers: { name: string; server_id: string }[] = await rest.ok('GET', '/api/mcp-servers');
    return servers.find((server) => server.name === name)?.server_id ?? '';
  }
});

function classOf(suffix: string): string {
  return { light: 'vs', dark: 'vs-dark', contrast: 'hc-black' }[suffix] ?? '';
}

/** Three servers, one of which fails, three vMCPs, own items and calls. @returns the first vMCP's id */
async function fill(rest: Rest, path: string): Promise<string> {
  const files = await rest.addNodeServer('files', upstreams.filesystem, [path]);
  const every = await rest.addNodeServer('every', upstreams.everything, ['stdio']);
  const broken = await rest.addNodeServer('tracker', join(path, 'missing.mjs'));
  await rest.connect(files, every);
  await rest.send('POST', `/api/mcp-servers/${broken}/connect`);
  const id = await rest.addVmcp('development', [files, every], {
    description: 'Files of the project, and a few tools of its own',
    active_config: { team: 'core', token: 'a secret' },
    secret_keys: ['token'],
    custom_tools: [
      {
        tool_type: 'python',
        name: 'word_count',
        description: 'Counts the words of a text.',
        code: 'def main(text: str) -> int:\n    """Counts words."""\n    return len(text.split())\n',
      },
      {
        tool_type: 'prompt',
        name: 'greet',
        text: 'Hello @param.who of @config.team!',
        variables: [{ name: 'who', required: true }],
      },
    ],
  });
  await rest.addVmcp('reading', [files]);
  await rest.addVmcp('demo', [every]);
  const call = (name: string, args: object) =>
    rest.send('POST', `/api/vmcps/${id}/tools/call`, { name, arguments: args });
  for (let n = 0; n < 12; n++) {
    await call('every.echo', { message: `number ${n}` });
    await call('files.list_directory', { path });
    if (n % 3 === 0) await call('every.get-sum', { a: n, b: 'none' });
    if (n % 2 === 0) await call('vmcp.greet', { who: 'Ada' });
  }
  return id;
}
