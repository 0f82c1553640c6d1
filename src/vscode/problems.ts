import * as vscode from 'vscode';
import type { ServerEvent } from '../contract/events.ts';
import { commandIds } from './ids.ts';
import type { ServerProcess } from './serverProcess.ts';

type Problem = Extract<ServerEvent, { type: 'problem' }>;

/** Shows what the user should know, each problem once. */
export class Problems {
  readonly #told = new Set<string>();
  readonly #subscriptions: { dispose(): void }[];

  constructor(
    private readonly process: ServerProcess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#subscriptions = [
      process.onEvent((event) => {
        if (event.type === 'problem') void this.#show(event);
      }),
      process.onDidChangeState((state) => {
        if (state.status === 'failed') void this.#showFailure(state.error.message);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #show(problem: Problem): Promise<void> {
    this.log.warn(`${problem.code}: ${problem.message}`);
    // Every window hears of it: the one that the user looks at tells.
    if (!vscode.window.state.focused) return;
    if (!this.#isNew(`${problem.code} ${problem.message}`)) return;
    const keep = vscode.l10n.t('Keep this port');
    const showLog = vscode.l10n.t('Show log');
    const action = problem.code === 'port_taken' ? keep : showLog;
    const chosen = await vscode.window.showWarningMessage(problem.message, action);
    if (chosen === keep) await this.#keepPort();
    if (chosen === showLog) await vscode.commands.executeCommand(commandIds.openLog);
  }

  async #keepPort(): Promise<void> {
    const port = this.process.server?.port;
    if (port !== undefined) await this.process.client.applySettings({ port });
  }

  async #showFailure(message: string): Promise<void> {
    this.log.error(message);
    // Until the next success the same failure comes with every new try.
    if (!this.#isNew(message)) return;
    const restart = vscode.l10n.t('Try again');
    const showLog = vscode.l10n.t("Show the server's log");
    const chosen = await vscode.window.showErrorMessage(message, restart, showLog);
    if (chosen === restart) await vscode.commands.executeCommand(commandIds.restartServer);
    if (chosen === showLog) await vscode.commands.executeCommand(commandIds.openServerLog);
  }

  #isNew(key: string): boolean {
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }
}
