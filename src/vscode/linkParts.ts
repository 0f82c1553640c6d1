import { join } from 'node:path';
import * as vscode from 'vscode';
import { childEnvironment } from '../serverLink/childEnvironment.ts';
import type { LeaseSocketType } from '../serverLink/lease.ts';
import { ServerLink } from '../serverLink/serverLink.ts';
import { Greeter } from './greeter.ts';
import type { LinkParts } from './serverProcess.ts';

/** Set by the build. */
const version = process.env.VMCP_VERSION ?? '0.0.0';

/** What connects a window to the server: with the schemas, a third of the extension. */
export function createLinkParts(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  dataDir: string,
): LinkParts {
  const options = {
    dataDir,
    source: { version, directory: join(context.extensionUri.fsPath, 'dist') },
    install: true,
    takeOver: true,
    // Every VS Code that the extension runs in has it; the types are those of an older Node.
    socket: (globalThis as unknown as { WebSocket: LeaseSocketType }).WebSocket,
    lease: () => {
      const env = childEnvironment(process.env);
      const { focused } = vscode.window.state;
      const folders = openFolders();
      const answers = vscode.workspace.isTrusted;
      const about = { version, env, folders, focused, answers };
      return { type: 'lease', holder: 'window', ...about } as const;
    },
  };
  return {
    greeting: new Greeter(context, log),
    makeLink: (listener) => {
      const link = new ServerLink(options, listener);
      context.subscriptions.push(
        vscode.workspace.onDidChangeWorkspaceFolders(() => link.renew()),
        vscode.workspace.onDidGrantWorkspaceTrust(() => link.renew()),
        vscode.window.onDidChangeWindowState(({ focused }) => focused && link.focused()),
      );
      return link;
    },
  };
}

/** As VS Code names them to MCP servers; what is not a file, servers cannot open. */
function openFolders(): { uri: string; name: string }[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri, name }) => ({ uri: uri.toString(), name }));
}
