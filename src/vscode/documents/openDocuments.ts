import * as vscode from 'vscode';
import { messageOf } from '../../serverLink/linkError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { documentScheme } from './documentPath.ts';
import type { ItemStore } from './itemStore.ts';
import { VmcpFileSystem } from './vmcpFileSystem.ts';

/** Makes the custom items of vMCPs documents of this window. */
export function openDocuments(
  process: ServerProcess,
  store: ItemStore,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const files = new VmcpFileSystem(store);
  const attempt = (comparing: Promise<void>) => {
    comparing.catch((error: unknown) => {
      log.warn(`Open documents are not compared: ${messageOf(error)}`);
    });
  };
  return [
    files,
    vscode.workspace.registerFileSystemProvider(documentScheme, files, { isCaseSensitive: true }),
    process.onEvent((event) => attempt(files.follow(event))),
    process.onDidChangeState(({ status }) => {
      if (status === 'connected') attempt(files.compareAll());
    }),
  ];
}
