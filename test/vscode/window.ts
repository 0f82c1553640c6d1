import type * as VSCode from 'vscode';
import { eventually } from '../support/eventually.ts';
import type { Agents } from './agents.ts';
import type { Locator, Page } from './host.ts';

/** One window: its page, and the agent in its extension host. */
export class TestWindow {
  constructor(
    readonly page: Page,
    readonly folder: string,
    private readonly agents: Agents,
  ) {}

  /** Closes the window as a user does: a page that is only cut off is waited for by VS Code. */
  async close(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.close();
  }

  run<A, R>(
    code: (vscode: typeof VSCode, argument: A) => R | Promise<R>,
    argument?: A,
  ): Promise<Awaited<R>> {
    return this.agents.run(this.folder, code, argument);
  }

  /** Begins a command and does not wait for its end: it may ask the user. */
  async begin(command: string, ...args: unknown[]): Promise<void> {
    await this.run(
      (vscode, [id, rest]: [string, unknown[]]) => {
        vscode.commands.executeCommand(id, ...rest).then(undefined, () => undefined);
      },
      [command, args],
    );
  }

  async command(command: string, ...args: unknown[]): Promise<void> {
    await this.run(
      async (vscode, [id, rest]: [string, unknown[]]) => {
        await vscode.commands.executeCommand(id, ...rest);
      },
      [command, args],
    );
  }

  /** Types into the input box or quick pick of that title once it is open, and takes it. */
  async answer(title: string, text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    await widget.locator(`.quick-input-title:has-text("${title}")`).waitFor({ timeout: 10_000 });
    await widget.locator('input[type="text"]').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** An item of one of the sidebar's views, by the beginnings of both names. */
  treeItem(view: string, label: string): Locator {
    const pane = this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"])`);
    return pane.locator(`[role="treeitem"][aria-label^="${label}"]`).first();
  }

  checkbox(view: string, label: string): Locator {
    return this.treeItem(view, label).locator('[role="checkbox"]').first();
  }

  /** Names of the language model tools that VS Code offers of MCP servers. */
  tools(): Promise<string[]> {
    return this.run((vscode) =>
      vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('mcp_')),
    );
  }

  /** Starts a vMCP in VS Code and waits until a tool of it is there. @returns the tool's name */
  async startVmcp(name: string, tool: string): Promise<string> {
    return eventually(
      async () => {
        // VS Code does not know the definition at once; until then this does nothing.
        const options = { waitForLiveTools: true };
        await this.command('workbench.mcp.startServer', `vmcp.vmcp/vMCP: ${name}`, options);
        return this.findTool(tool);
      },
      { timeoutMs: 30_000, what: `the tool ${tool} of ${name}` },
    );
  }

  async findTool(tool: string): Promise<string | undefined> {
    return (await this.tools()).find((name) => name.endsWith(tool));
  }

  /** Calls a tool as a chat would. @returns the text of its answer */
  invoke(name: string, input: object): Promise<string> {
    return this.run(
      async (vscode, [tool, toolInput]: [string, object]) => {
        const options = { input: toolInput, toolInvocationToken: undefined };
        const { content } = await vscode.lm.invokeTool(tool, options);
        return content.map((part) => (part as { value?: string }).value ?? '').join('');
      },
      [name, input],
    );
  }
}
