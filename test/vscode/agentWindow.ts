import type * as VSCode from 'vscode';
import { eventually } from '../support/eventually.ts';
import type { Agents } from './agents.ts';

/** One window, by the agent in its extension host. */
export class AgentWindow {
  constructor(
    readonly folder: string,
    private readonly agents: Agents,
  ) {}

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

  /** Milliseconds of the extension host's thread that loading and activating an extension took. */
  activationMs(extension: string): Promise<number> {
    return this.run((vscode, id) => {
      const { vmcpTestActivationTimes: times } = globalThis as unknown as {
        vmcpTestActivationTimes: ReadonlyMap<string, number>;
      };
      const folder = vscode.extensions.getExtension(id)?.extensionPath ?? '';
      const ms = times.get(folder);
      if (ms === undefined) throw new Error(`measured were only ${[...times.keys()].join()}`);
      return ms;
    }, extension);
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
