import * as vscode from 'vscode';
import { commandIds, stateContextKey } from './ids.ts';
import type { Inventory } from './inventory.ts';
import type { ServerProcess } from './serverProcess.ts';
import { statusText } from './statusText.ts';
import { needsAttention } from './views/serverEntry.ts';

/** The status bar item, and the context key by which the views choose their welcome text. */
export class StatusBar {
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: { dispose(): void }[];

  constructor(
    private readonly process: ServerProcess,
    private readonly inventory: Inventory,
  ) {
    this.#item = vscode.window.createStatusBarItem('vmcp', vscode.StatusBarAlignment.Left);
    this.#item.name = 'vMCP';
    this.#item.command = commandIds.showMenu;
    this.#subscriptions = [
      process.onDidChangeState(() => this.#show()),
      inventory.onDidChange(() => this.#show()),
    ];
    this.#show();
    this.#item.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const { servers, vmcps, loaded } = this.inventory;
    const problems = servers.filter(needsAttention).map(({ name }) => name);
    const { state } = this.process;
    const shown = statusText(state, { vmcps: vmcps.length, problems }, vscode.l10n.t);
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.accessibilityInformation = { label: `vMCP, ${shown.tooltip}`, role: 'button' };
    this.#item.backgroundColor = shown.failed
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : undefined;
    // Empty lists are shown as such only when they have been read.
    const key = state.status === 'connected' && !loaded ? 'starting' : state.status;
    void vscode.commands.executeCommand('setContext', stateContextKey, key);
  }
}
