import * as vscode from 'vscode';
import { settingIds } from './ids.ts';

export function onServerSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (Object.values(settingIds).some((id) => change.affectsConfiguration(id))) listener();
  });
}
