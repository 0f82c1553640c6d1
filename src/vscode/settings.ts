import * as vscode from 'vscode';
import { type ServerSettings, serverSettingsSchema } from '../contract/admin.ts';
import { settingIds } from './ids.ts';

/** The settings that the server follows. A value of a wrong type is left out: the default holds. */
export function readServerSettings(): ServerSettings {
  const settings: Record<string, unknown> = {};
  const configuration = vscode.workspace.getConfiguration();
  for (const [key, id] of Object.entries(settingIds)) {
    const field = serverSettingsSchema.shape[key as keyof typeof settingIds];
    const value = field.safeParse(configuration.get(id));
    if (value.success) settings[key] = value.data;
  }
  // A program that runs from VS Code's own executable would block VS Code's updates on Windows.
  if (process.platform === 'win32' && process.versions.electron !== undefined) {
    settings.keepRunning = 'whileVSCodeIsOpen';
  }
  return serverSettingsSchema.parse(settings);
}
