import type * as vscode from 'vscode';
import type { CallDocuments } from '../callDocuments.ts';
import type { ItemStore } from '../documents/itemStore.ts';
import type { Inventory } from '../inventory.ts';
import type { RecentCalls } from '../recentCalls.ts';
import type { ConsentNotices } from '../review/consentNotices.ts';
import type { ToolChangeNotices } from '../review/toolChangeNotices.ts';
import type { ServerOutputs } from '../serverOutputs.ts';
import type { ServerProcess } from '../serverProcess.ts';
import type { ServerNeeds } from '../signIn/serverNeeds.ts';
import type { TreeSelection } from '../views/treeSelection.ts';
import type { VmcpEdits } from '../vmcpEdits.ts';
import type { Pages } from '../webview/pages.ts';

/** What the commands work with. */
export interface CommandContext {
  process: ServerProcess;
  inventory: Inventory;
  edits: VmcpEdits;
  outputs: ServerOutputs;
  pages: Pages;
  calls: RecentCalls;
  callDocuments: CallDocuments;
  /** Custom items by their documents. */
  store: ItemStore;
  /** What is selected in the trees. */
  selection: TreeSelection;
  /** Asks for what servers wait for. */
  needs: ServerNeeds;
  /** Asks whether servers may be started. */
  consents: ConsentNotices;
  /** Shows how tools have changed. */
  toolChanges: ToolChangeNotices;
  log: vscode.LogOutputChannel;
  dataDir: string;
  /** This extension's own, as VS Code names it. */
  extensionId: string;
}
