import type * as vscode from 'vscode';
import type { Inventory } from '../inventory.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** What the pages of a window work with. */
export interface PageServices {
  process: ServerProcess;
  inventory: Inventory;
  log: vscode.LogOutputChannel;
}
