import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { MissingProgram } from '../../contract/serverImport.ts';
import type { CurrentEnvironment } from './clientFiles.ts';

/** What well-known programs belong to, and where that is to be had. */
const products = new Map([
  ...entries(['node', 'npx', 'npm'], 'Node.js', 'https://nodejs.org/en/download'),
  ...entries(['uv', 'uvx'], 'uv', 'https://docs.astral.sh/uv/getting-started/installation/'),
  ...entries(['python', 'python3', 'pip'], 'Python', 'https://www.python.org/downloads/'),
  ...entries(['pipx'], 'pipx', 'https://pipx.pypa.io/stable/installation/'),
  ...entries(['docker'], 'Docker', 'https://docs.docker.com/get-started/get-docker/'),
  ...entries(['podman'], 'Podman', 'https://podman.io/docs/installation'),
  ...entries(['bun', 'bunx'], 'Bun', 'https://bun.sh/docs/installation'),
  ...entries(['deno'], 'Deno', 'https://docs.deno.com/runtime/getting_started/installation/'),
  ...entries(['dotnet', 'dnx'], '.NET', 'https://dotnet.microsoft.com/download'),
  ...entries(['go'], 'Go', 'https://go.dev/doc/install'),
  ...entries(['cargo'], 'Rust', 'https://www.rust-lang.org/tools/install'),
]);

/**
 * Looks for a program as the start of a server would.
 * @param command a name to be looked up on the PATH, or a path
 * @returns what is missing; undefined where it is there, or only known when it is started
 */
export async function findMissingProgram(
  command: string,
  environment: CurrentEnvironment,
  platform: NodeJS.Platform = process.platform,
): Promise<MissingProgram | undefined> {
  if (command.includes('${')) return undefined;
  const env = environment();
  const found = await Promise.all(
    candidates(command, env, platform).map((path) => isProgram(path, platform)),
  );
  if (found.includes(true)) return undefined;
  const product = products.get(command.replace(/\.(exe|cmd|bat)$/i, '').toLowerCase());
  return { command, ...product };
}

type Environment = ReturnType<CurrentEnvironment>;

function candidates(command: string, env: Environment, platform: NodeJS.Platform): string[] {
  const isPath = /[\\/]/.test(command);
  const folders = isPath ? [''] : (pathOf(env, platform)?.split(delimiter) ?? []);
  const endings = platform === 'win32' ? ['', ...windowsEndings(env)] : [''];
  return folders.flatMap((folder) => {
    const path = isPath ? command : join(folder || '.', command);
    const absolute = isAbsolute(path) ? path : resolve(homedir(), path);
    return endings.map((ending) => absolute + ending);
  });
}

/** Windows knows variables in every spelling. */
function pathOf(env: Environment, platform: NodeJS.Platform): string | undefined {
  if (platform !== 'win32') return env.PATH;
  const name = Object.keys(env).find((key) => key.toLowerCase() === 'path');
  return name === undefined ? undefined : env[name];
}

function windowsEndings(env: Environment): string[] {
  return (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';');
}

async function isProgram(path: string, platform: NodeJS.Platform): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    if (platform !== 'win32') await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function entries(commands: readonly string[], product: string, url: string) {
  return commands.map((command) => [command, { product, url }] as const);
}
