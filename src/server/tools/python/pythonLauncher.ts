import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Log } from '../../log.ts';

/** Sees to it that no child outlives the server. */
export interface ChildRegistry {
  /** A process group, by its leader's pid. */
  add(pid: number): void;
  /** Nothing is left of it. */
  remove(pid: number): void;
}

export interface PythonLauncherOptions {
  /** The runner's program, a script for Node. */
  program: string;
  pyodideFolder: string;
  log: Log;
  reaper: ChildRegistry;
}

/**
 * No code from strings, 512 MiB of WebAssembly memory, and 256 MiB for the rest, which is small. A flag
 * that this Node does not know keeps the process from starting: no Python is better than open Python.
 */
const flags = [
  '--no-warnings',
  '--disallow-code-generation-from-strings',
  '--wasm-max-mem-pages=8192',
  '--max-old-space-size=256',
];

/** Starts the processes in which Python runs: without environment, rights or inherited files. */
export class PythonLauncher {
  #permissionFlag = permissionFlag();

  constructor(private readonly options: PythonLauncherOptions) {}

  start(): ChildProcessWithoutNullStreams {
    const { reaper } = this.options;
    const { program, pyodideFolder } = this.#realPaths;
    const child = spawn(
      process.execPath,
      [...flags, ...this.#permissions(), program, pyodideFolder],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: childEnvironment(),
        cwd: parse(process.execPath).root,
        detached: process.platform !== 'win32',
        windowsHide: true,
      },
    );
    const { pid } = child;
    if (pid === undefined) return child;
    reaper.add(pid);
    child.once('exit', () => reaper.remove(pid));
    return child;
  }

  /**
   * To be called when a process did not come up. Node's permission model is a second line of defence that
   * not every host supports, such as some builds of Electron.
   * @returns whether it is worth trying again, without it
   */
  giveUpPermissions(reason: string): boolean {
    if (this.#permissionFlag === undefined) return false;
    this.options.log.warning('Python runs without the permission model of Node', { reason });
    this.#permissionFlag = undefined;
    return true;
  }

  /** Rights to files are rights to their real paths. */
  get #realPaths(): { program: string; pyodideFolder: string } {
    const { program, pyodideFolder } = this.options;
    return { program: realPath(program), pyodideFolder: realPath(pyodideFolder) };
  }

  /** Files of its own program may be read; nothing else of the host may be used. */
  #permissions(): string[] {
    if (this.#permissionFlag === undefined) return [];
    const { program, pyodideFolder } = this.#realPaths;
    return [
      this.#permissionFlag,
      `--allow-fs-read=${program}`,
      `--allow-fs-read=${join(pyodideFolder, '*')}`,
    ];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // It is missing, which the start will say better.
  }
}

/** The flag by the name that this version of Node has for it, if any. */
function permissionFlag(): string | undefined {
  return ['--permission', '--experimental-permission'].find((flag) =>
    process.allowedNodeEnvironmentFlags.has(flag),
  );
}

/** Nothing of the server's environment, but what the host's programs need to start, and the time zone. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { TZ, SystemRoot } = process.env;
  return {
    ...(TZ === undefined ? {} : { TZ }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    ...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
  };
}
