import { homedir } from 'node:os';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ClientPlaces } from '../../../contract/clientFiles.ts';

/** Where this window's files are. @param dataDir the extension's folder in VS Code's storage */
export function windowPlaces(dataDir: string): ClientPlaces {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    workspace_folders: folders
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath),
    // <user folder>/globalStorage/<extension>
    vscode_user_folder: dirname(dirname(dataDir)),
  };
}

/** A path as people write it: their own folder as `~`. */
export function shortPath(path: string): string {
  const home = homedir();
  return path.startsWith(home) ? `~${path.slice(home.length)}` : path;
}
