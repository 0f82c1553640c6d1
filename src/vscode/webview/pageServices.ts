import type * as vscode from 'vscode';
import type { ItemStore } from '../documents/itemStore.ts';
import type { Inventory } from '../inventory.ts';
import type { ServerProcess } from '../serverProcess.ts';
import type { VmcpEdits } from '../vmcpEdits.ts';

/** What the pages of a window work with. */
export interface PageServices {
  process: ServerProcess;
  inventory: Inventory;
  edits: VmcpEdits;
  store: ItemStore;
  log: vscode.LogOutputChannel;
}
