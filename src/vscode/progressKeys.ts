import * as vscode from 'vscode';
import { progressKeys } from './ids.ts';
import type { Inventory } from './inventory.ts';

/** What a person has made so far: completes steps of the walkthrough, and shows what can be done with it. */
export class ProgressKeys {
  readonly #shown = new Map<string, boolean>();
  readonly #subscription: { dispose(): void };

  constructor(inventory: Inventory) {
    this.#subscription = inventory.onDidChange(() => this.#show(inventory));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #show({ servers, vmcps }: Inventory): void {
    const own = vmcps.flatMap((vmcp) => [
      vmcp.custom_tools,
      vmcp.custom_prompts,
      vmcp.custom_resources,
    ]);
    this.#set(progressKeys.hasServers, servers.length > 0);
    this.#set(progressKeys.hasVmcps, vmcps.length > 0);
    this.#set(
      progressKeys.hasOwnItems,
      own.some((items) => items.length > 0),
    );
  }

  #set(key: string, value: boolean): void {
    if (this.#shown.get(key) === value) return;
    this.#shown.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
