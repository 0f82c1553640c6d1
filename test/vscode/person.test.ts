import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryServer } from '../fixtures/registry/registryServer.ts';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { repository, upstreams } from '../support/paths.ts';
import type { Frame } from './host.ts';
import { Person } from './person.ts';
import { Setup } from './setup.ts';
import { checkClientTokens } from './trust.ts';
import { UserWindow } from './userWindow.ts';

const commandLine = `"${process.execPath}" "${upstreams.everything}" stdio`;

const mcpJson = JSON.stringify({
  servers: { notes: { command: process.execPath, args: [upstreams.filesystem, '/tmp'] } },
});

/** What the registry knows besides well-known services: a server where nobody answers. */
const closedDoor = {
  server: {
    name: 'io.example/closed-door',
    title: 'Closed door',
    description: 'Answers nobody.',
    version: '1.0.0',
    remotes: [{ type: 'streamable-http', url: 'http://127.0.0.1:9/mcp' }],
  },
  _meta: {
    'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true },
  },
};

/** One story: each test goes on where the one before has ended. */
describe('A person who has just installed the extension', () => {
  const cleanup = new Cleanup();
  let setup: Setup;
  let person: Person;
  let editor: Frame;
  const rest = () => setup.storage.rest();
  const servers = async (): Promise<string[]> =>
    (await (await rest()).ok('GET', '/api/mcp-servers')).map(({ name }: { name: string }) => name);
  const dev = async () => (await (await rest()).ok('GET', '/api/vmcps'))[0];
  const button = (label: string) =>
    editor.locator(`vscode-button:not([disabled]):has-text("${label}")`).first();
  const shows = (selector: string, text: string) =>
    eventually(async () => (await editor.locator(selector).inputValue()) === text, {
      what: `“${text}” in ${selector}`,
    });
  const showsText = (frame: Frame, selector: string, text: RegExp) =>
    eventually(async () => text.test((await frame.locator(selector).first().textContent()) ?? ''), {
      what: `${text} in ${selector}`,
    });
  const configFile = () => join(setup.folder, 'a', '.vscode', 'mcp.json');

  before(async () => {
    const registry = await RegistryServer.start(cleanup, [closedDoor]);
    setup = await Setup.start(cleanup, '1.139', { 'vmcp.registry.url': registry.url });
    await mkdir(join(setup.folder, 'a', '.vscode'));
    const user = await UserWindow.open(setup.host, join(setup.folder, 'a'));
    person = new Person(user);
    await person.run('View: Hide Secondary Side Bar');
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await person.page.screenshot({ path: join(repository, '.vscode-test/person-failed.png') });
  });
  after(() => cleanup.run());

  it('begins with the walkthrough, and adds a server by its command', async () => {
    await person.run('vMCP: Get started');
    await person.take('add', 'Add MCP server');
    await person.answer('Add MCP server (1/2)', commandLine, 'index');
    await person.answer('Add MCP server (2/2)', 'every');
    await person.isDone('add');
  });

  it('composes a virtual server of it', async () => {
    await person.take('compose', 'Create virtual MCP server');
    await person.answer('Create virtual MCP server (1/2)', 'dev');
    await person.answer('Create virtual MCP server (2/2)', '', 'All servers');
    await person.isDone('compose');
    await person.run('View: Show vMCP');
    await person.sees('Virtual MCP', 'dev, 1');
    await person.sees('MCP servers', 'every');
  });

  it('renames one of its tools and leaves another one out, in its editor', async () => {
    await person.run('vMCP: Edit vMCP');
    await person.row('dev').click();
    editor = await person.reads('vmcpEditor');
    await editor.locator('.fold:has-text("every")').click();
    await editor.locator('button[aria-label="Change echo"]').click();
    await editor.locator('.override input[aria-label="Name"]').fill('say');
    await editor.locator('vscode-checkbox:has(label:has-text("get-sum"))').first().click();
    await button('Save').click();
    const part = await eventually(async () => {
      const [server] = (await dev()).mcp_servers;
      return server.overrides.echo && server;
    });
    assert.equal(part.overrides.echo.name, 'say');
    assert.equal(part.tools.includes('get-sum'), false);
    await person.run('View: Close All Editors');
  });

  it('adds a tool in Python, and tries it', async () => {
    await person.run('vMCP: Get started');
    await person.take('own', 'New custom tool');
    await person.row('dev').click();
    await person.answer('(1/2)', 'Python', 'Python tool');
    await person.answer('(2/2)', 'count');
    const form = await person.reads('toolEditor', '"count"');
    await form.locator('vscode-button#run').first().waitFor();
    // Into the code beside the form, as it is typed.
    await person.page.locator('.monaco-editor .view-lines').first().click();
    await person.page.keyboard.press('Control+A');
    await person.page.keyboard.type('def main(text: str): return len(text)');
    await form.locator('input[aria-label^="text (required)"]').first().fill('abcd');
    await form.locator('vscode-button#run').first().click();
    await showsText(form, 'pre.output', /^4$/);
    await person.page.locator('.monaco-editor .view-lines').first().click();
    await person.page.keyboard.press('Control+S');
    await eventually(async () => (await dev()).custom_tools[0].code.includes('len(text)'));
    await person.run('View: Close All Editors');
    await person.sees('Virtual MCP', 'Custom tools');
  });

  it('sees what is called in Activity and in the dashboard', async () => {
    // The palette knows tools by their servers; the renamed one is reached by its old name, too.
    await person.run('vMCP: Try');
    await person.row('dev').click();
    await person.row('every.echo').click();
    const inspector = await person.reads('inspector');
    await inspector.locator('input[aria-label^="message (required)"]').first().fill('hello');
    await inspector.locator('vscode-button#run').first().click();
    await showsText(inspector, 'pre.output', /^Echo: hello$/);
    const { vmcp_id } = await dev();
    const unticked = { name: 'every_get-sum', arguments: { a: 1, b: 2 } };
    await (await rest()).send('POST', `/api/vmcps/${vmcp_id}/tools/call`, unticked);
    await person.run('vMCP: Get started');
    await person.isDone('own');
    await person.sees('Activity', 'every.echo');
    await person.sees('Activity', 'every_get-sum, failed');
    await person.take('watch', 'Open dashboard');
    const dashboard = await person.reads('dashboard');
    await showsText(dashboard, '.list.tools tbody', /every\.echo/);
    await showsText(dashboard, '.tiles', /Calls\s*2\s*Failed\s*1/);
    await person.run('View: Close All Editors');
  });

  it('imports what another program has configured', async () => {
    await writeFile(configFile(), mcpJson);
    await person.run('vMCP: Import MCP servers');
    await person.asked('Import MCP servers');
    await person.row('notes').waitFor();
    await person.page.keyboard.press('Enter');
    await eventually(async () => (await servers()).includes('notes'));
    await person.sees('MCP servers', 'notes');
  });

  it('exports the virtual server to another client', async () => {
    await person.run('vMCP: Export vMCP');
    await person.row('dev').click();
    await person.answer('Export dev', 'VS Code workspace', 'mcp.json');
    await person.press('Write');
    const { vmcp_id } = await dev();
    const written = async () => (await readFile(configFile(), 'utf8')).includes(vmcp_id);
    await eventually(written, { what: 'the entry' });
    assert((await readFile(configFile(), 'utf8')).includes('"notes"'));
    await person.isTold('was written into');
    await person.run('vMCP: Get started');
    await person.isDone('use');
    await person.isDone('watch');
    await person.run('View: Close All Editors');
  });

  it('finds a server in the registry, and sees that it needs attention', async () => {
    await person.run('vMCP: Browse the MCP registry');
    await person.typeAndRead('MCP servers of 127.0.0.1', 'door', 'Answers nobody.');
    await person.row('Closed door').click();
    await person.answer('Add Closed door', 'door');
    await person.sees('MCP servers', 'door, failed');
    await person.badge('vMCP', '1').waitFor();
    await person.page.locator('.statusbar-item:has-text("vMCP 1")').first().click();
    await person.asked('vMCP');
    await person.row('door').waitFor();
    await person.giveUp();
  });

  it('finds everything as it was after the window was reloaded', async () => {
    await person.run('vMCP: Edit vMCP');
    await person.row('dev').click();
    await person.reads('vmcpEditor');
    await person.reload();
    editor = await person.reads('vmcpEditor');
    await shows('#name input', 'dev');
    await person.sees('MCP servers', 'every');
    await person.sees('MCP servers', 'notes');
    const server = person.treeItem('Virtual MCP', 'every');
    await server.click();
    await person.sees('Virtual MCP', 'echo, ');
    const item = (label: string) => person.treeItem('Virtual MCP', label);
    assert.match((await item('echo').getAttribute('aria-label')) ?? '', /renamed to say/);
    await person.sees('Activity', 'every.echo');
    const box = item('get-sum').locator('[role="checkbox"]').first();
    assert.equal(await box.getAttribute('aria-checked'), 'false');
  });

  it('gives a client a token for one virtual server, and withdraws it', async () => {
    await checkClientTokens(person, setup.storage);
  });

  it('unticks several tools at once', async () => {
    const names = ['get-annotated-message', 'get-env'];
    const [first = '', second = ''] = names;
    await person.treeItem('Virtual MCP', first).click();
    await person.treeItem('Virtual MCP', second).click({ modifiers: ['Control'] });
    await person.chooseInMenu(person.treeItem('Virtual MCP', second), 'Untick');
    const left = async () => (await dev()).mcp_servers[0].tools as string[];
    await eventually(async () => !(await left()).some((name) => names.includes(name)), {
      what: 'the unticking',
    });
    assert((await left()).includes('echo'));
  });

  it('renames and deletes with the keyboard in the trees, and takes it back', async () => {
    await person.treeItem('MCP servers', 'notes').click();
    await person.page.keyboard.press('F2');
    await person.answer('Rename notes', 'papers');
    await person.sees('MCP servers', 'papers');
    await person.treeItem('MCP servers', 'papers').click();
    await person.treeItem('MCP servers', 'door').click({ modifiers: ['Control'] });
    await person.page.keyboard.press('Delete');
    await eventually(async () => (await servers()).join() === 'every', { what: 'the deletion' });
    await person.press('Undo');
    await person.sees('MCP servers', 'papers');
    await person.sees('MCP servers', 'door');
    const found = (await (await rest()).ok('GET', '/api/mcp-servers')).find(
      ({ name }: { name: string }) => name === 'door',
    );
    await (await rest()).ok('DELETE', `/api/mcp-servers/${found.server_id}`);
    await person.badge('vMCP', '1').waitFor({ state: 'hidden' });
  });

  it('is told at once of a name that is taken, and of what is no server', async () => {
    await person.run('vMCP: Create virtual MCP server');
    await person.typeAndRead('Create virtual MCP server', 'DEV', 'The name “dev” is taken.');
    await person.giveUp();
    await person.run('vMCP: Add MCP server');
    const title = 'Add MCP server (1/2)';
    await person.typeAndRead(title, 'https://exa mple/mcp', 'must be an http');
    await person.typeAndRead(title, '{"mcpServers": {"a": ', 'This is no valid JSON');
    await person.typeAndRead(title, 'no-such-program --flag', 'was not found');
    await person.page.keyboard.press('Enter');
    await person.asked('Add MCP server (2/3)');
    await person.row('Change what was entered').click();
    // What was typed is there again.
    await person.row('no-such-program --flag').waitFor();
    await person.giveUp();
    assert.deepEqual((await servers()).sort(), ['every', 'papers']);
  });

  it('loses nothing that was typed while the server is killed and the window is reloaded', async () => {
    await editor.locator('#system_prompt textarea').fill('Be brief.');
    const { pid } = await setup.storage.server();
    process.kill(pid, 'SIGKILL');
    await editor.locator('.banner').first().waitFor();
    assert.equal(await editor.locator('#system_prompt textarea').inputValue(), 'Be brief.');
    const tab = person.page.locator('.tab:has-text("● dev")').first();
    await tab.waitFor();
    await person.reload();
    editor = await person.reads('vmcpEditor');
    await shows('#system_prompt textarea', 'Be brief.');
    await eventually(
      async () => {
        if ((await dev()).system_prompt === 'Be brief.') return true;
        // While there is no server yet, a save fails and says so.
        await button('Save').click({ timeout: 2_000 });
        return false;
      },
      { timeoutMs: 60_000, what: 'the save' },
    );
    assert.notEqual((await setup.storage.server()).pid, pid);
  });
});
