import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Client, ClientPlaces } from '../../../contract/clientFiles.ts';
import type { ConfigLanguage } from '../read/parseConfigText.ts';
import type { UserFolders } from './clientFolders.ts';

/** A file in which a client keeps servers. */
export interface KnownFile {
  /** The same in every list that is made for the same places. */
  file_id: string;
  client: Client;
  title: string;
  path: string;
  scope: 'user' | 'workspace';
  language: ConfigLanguage;
  /** The members that lead to the servers. */
  place: readonly string[];
  /** Whether vMCP writes into it; some are only read. */
  writable: boolean;
}

const mcpServers = ['mcpServers'];
const user = { scope: 'user', language: 'json', place: mcpServers, writable: true } as const;
const workspace = { ...user, scope: 'workspace' } as const;

/** Every file that the known clients read on this machine, whether or not it exists. */
export async function knownFiles(
  { workspace_folders, vscode_user_folder }: ClientPlaces,
  folders: UserFolders,
): Promise<KnownFile[]> {
  const opened = workspace_folders.filter(isAbsolute);
  const vscodeUser = vscode_user_folder ?? join(folders.applications, 'Code', 'User');
  return [
    ...opened.flatMap(workspaceFiles),
    ...(await vscodeFiles(vscodeUser)),
    ...userFiles(folders),
    ...opened.map((folder) => claudeProject(folder, folders)),
  ];
}

function workspaceFiles(folder: string): KnownFile[] {
  const inFolder = (name: string) => `${name} (${basename(folder)})`;
  return [
    {
      ...workspace,
      file_id: `vscode-workspace:${folder}`,
      client: 'vscode',
      title: inFolder('VS Code workspace'),
      path: join(folder, '.vscode', 'mcp.json'),
      place: ['servers'],
    },
    {
      ...workspace,
      file_id: `project:${folder}`,
      client: 'project',
      title: inFolder('.mcp.json: Claude Code, Copilot'),
      path: join(folder, '.mcp.json'),
    },
    {
      ...workspace,
      file_id: `cursor-workspace:${folder}`,
      client: 'cursor',
      title: inFolder('Cursor project'),
      path: join(folder, '.cursor', 'mcp.json'),
    },
    {
      ...workspace,
      file_id: `codex-workspace:${folder}`,
      client: 'codex',
      title: inFolder('Codex project'),
      path: join(folder, '.codex', 'config.toml'),
      language: 'toml',
      place: ['mcp_servers'],
    },
  ];
}

/**
 * The user's own file and those of profiles. Where VS Code runs remotely it reads one of the machine
 * instead: the user's files are on the side of the window then, and what lies here is only read.
 */
async function vscodeFiles(userFolder: string): Promise<KnownFile[]> {
  const common = { ...user, client: 'vscode', place: ['servers'] } as const;
  const profiles = await namesIn(join(userFolder, 'profiles'));
  const machineFolder = join(dirname(userFolder), 'Machine');
  const isRemote = (await namesIn(machineFolder)) !== undefined;
  const machine: KnownFile = {
    ...common,
    file_id: 'vscode-machine',
    title: 'VS Code remote',
    path: join(machineFolder, 'mcp.json'),
  };
  return [
    ...(isRemote ? [machine] : []),
    {
      ...common,
      file_id: 'vscode-user',
      title: 'VS Code user',
      path: join(userFolder, 'mcp.json'),
      writable: !isRemote,
    },
    ...(profiles ?? []).sort().map((name) => ({
      ...common,
      file_id: `vscode-profile:${name}`,
      title: `VS Code profile (${name})`,
      path: join(userFolder, 'profiles', name, 'mcp.json'),
      writable: !isRemote,
    })),
  ];
}

/** Undefined where there is no such folder. */
function namesIn(folder: string): Promise<string[] | undefined> {
  return readdir(folder).catch(() => undefined);
}

function userFiles(folders: UserFolders): KnownFile[] {
  const { home, applications, claude, codex, copilot } = folders;
  return [
    {
      ...user,
      file_id: 'claude-desktop',
      client: 'claude-desktop',
      title: 'Claude Desktop',
      path: join(applications, 'Claude', 'claude_desktop_config.json'),
    },
    {
      ...user,
      file_id: 'claude-code',
      client: 'claude-code',
      title: 'Claude Code',
      path: join(claude, '.claude.json'),
    },
    {
      ...user,
      file_id: 'cursor',
      client: 'cursor',
      title: 'Cursor',
      path: join(home, '.cursor', 'mcp.json'),
    },
    {
      ...user,
      file_id: 'windsurf',
      client: 'windsurf',
      title: 'Windsurf',
      path: join(home, '.codeium', 'windsurf', 'mcp_config.json'),
    },
    {
      ...user,
      file_id: 'codex',
      client: 'codex',
      title: 'Codex',
      path: join(codex, 'config.toml'),
      language: 'toml',
      place: ['mcp_servers'],
    },
    {
      ...user,
      file_id: 'copilot-cli',
      client: 'copilot-cli',
      title: 'Copilot CLI',
      path: join(copilot, 'mcp-config.json'),
    },
  ];
}

/** Claude Code keeps what belongs to one folder of one user in the user's file. */
function claudeProject(folder: string, { claude }: UserFolders): KnownFile {
  return {
    ...user,
    file_id: `claude-code-project:${folder}`,
    client: 'claude-code',
    title: `Claude Code, local (${basename(folder)})`,
    path: join(claude, '.claude.json'),
    place: ['projects', folder, 'mcpServers'],
    writable: false,
  };
}
