import { join } from 'node:path';
import type * as vscode from 'vscode';
import { childEnvironment } from '../serverLink/childEnvironment.ts';
import { ServerLink } from '../serverLink/serverLink.ts';
import { Greeter } from './greeter.ts';
import type { LinkParts } from './serverProcess.ts';

/** Set by the build. */
const version = process.env.VMCP_VERSION ?? '0.0.0';

/** What connects a window to the server: with the schemas and the WebSocket, half of the extension. */
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
    lease: () => {
      const env = childEnvironment(process.env);
      return { type: 'lease', holder: 'window', version, env } as const;
    },
  };
  return {
    greeting: new Greeter(context, log),
    makeLink: (listener) => new ServerLink(options, listener),
  };
}
