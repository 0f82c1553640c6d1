import * as vscode from 'vscode';
import { openWindow } from './vscode/openWindow.ts';

/** Called by VS Code once per window; the server is found or started meanwhile. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('vMCP', { log: true });
  context.subscriptions.push(openWindow(context, log), log);
}
