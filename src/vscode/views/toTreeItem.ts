import * as vscode from 'vscode';
import type { TreeEntry } from './treeEntry.ts';

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** The tree item that shows an entry. */
export function toTreeItem(entry: TreeEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.label, collapsibleStates[entry.collapsible]);
  item.id = entry.id;
  item.contextValue = entry.contextValue;
  const color = entry.iconColor === undefined ? undefined : new vscode.ThemeColor(entry.iconColor);
  item.iconPath = new vscode.ThemeIcon(entry.icon, color);
  if (entry.description !== undefined) item.description = entry.description;
  if (entry.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(entry.tooltip, true);
  if (entry.checked !== undefined) {
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    item.checkboxState = {
      state: entry.checked ? Checked : Unchecked,
      accessibilityInformation: { label: entry.label },
    };
  }
  return item;
}
