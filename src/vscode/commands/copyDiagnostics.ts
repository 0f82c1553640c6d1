import * as vscode from 'vscode';
import type { DiagnosticsReport } from '../../contract/diagnostics.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import type { CommandContext } from './commandContext.ts';

/** What the window knows, and what the server says of itself or why it says nothing. */
interface WindowReport {
  window: Record<string, string | null>;
  server: DiagnosticsReport | { unavailable: string };
}

/** Puts a report on versions, states and last errors into the clipboard; it holds no secrets. */
export async function copyDiagnostics({ process: server }: CommandContext): Promise<void> {
  const report: WindowReport = {
    window: {
      vscode: vscode.version,
      app: vscode.env.appName,
      remote: vscode.env.remoteName ?? null,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      connection: server.state.status,
    },
    server: await serverReport(server),
  };
  await vscode.env.clipboard.writeText(JSON.stringify(report, null, 2));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Diagnostics copied'), 4000);
}

async function serverReport(server: CommandContext['process']): Promise<WindowReport['server']> {
  try {
    return await server.client.diagnostics();
  } catch (error) {
    return { unavailable: messageOf(error) };
  }
}
