import * as vscode from 'vscode';
import { type Node, nodeId } from './nodes.ts';
import { accessibleLabel, type TreeEntry } from './treeEntry.ts';

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** The tree item that shows an entry. */
export function toTreeItem(node: Node, entry: TreeEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.label, collapsibleStates[entry.collapsible]);
  item.id = nodeId(node);
  item.contextValue = entry.contextValue;
  const color = entry.iconColor === undefined ? undefined : new vscode.ThemeColor(entry.iconColor);
  item.iconPath = new vscode.ThemeIcon(entry.icon, color);
  item.accessibilityInformation = { label: accessibleLabel(entry), role: 'treeitem' };
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

/** An item of something that is gone; VS Code asks for it no more after the refresh under way. */
export function goneItem(node: Node): vscode.TreeItem {
  const item = new vscode.TreeItem('');
  item.id = nodeId(node);
  return item;
}
