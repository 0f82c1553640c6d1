import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { serverNodeFlags } from '../contract/nodeFlags.ts';
import { childEnvironment } from './childEnvironment.ts';
import type { ServerProgram } from './serverProgram.ts';

/** The server's own log starts anew at this size; one older file is kept. */
const maxLogBytes = 5 * 1024 * 1024;

export interface StartedServer {
  pid: number | undefined;
  /** Resolves with the exit code, or undefined after a signal or a failed start. */
  exited: Promise<number | undefined>;
}

/** Where a server that was started from here writes its log. */
export function serverLogPath(dataDir: string): string {
  return join(dataDir, 'server.log');
}

/**
 * Starts the server as a process of its own that outlives this one. The server takes the lock of the
 * storage folder itself; where another start was faster, it exits.
 */
export async function startServer(
  dataDir: string,
  program: ServerProgram,
  extraArguments: readonly string[],
): Promise<StartedServer> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const log = await openLog(serverLogPath(dataDir));
  try {
    const args = ['--data-dir', dataDir, '--port', 'auto', '--auth', 'token', '--managed'];
    args.push('--secrets-key', 'window');
    const child = spawn(
      process.execPath,
      [...serverNodeFlags, join(program.directory, 'server.js'), ...args, ...extraArguments],
      {
        cwd: program.directory,
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log.fd, log.fd],
        // In the extension host of the desktop, execPath is Electron.
        env: { ...childEnvironment(process.env), ELECTRON_RUN_AS_NODE: '1' },
      },
    );
    child.unref();
    const exited = new Promise<number | undefined>((resolve) => {
      child.once('exit', (code) => resolve(code ?? undefined));
      child.once('error', () => resolve(undefined));
    });
    return { pid: child.pid, exited };
  } finally {
    await log.close();
  }
}

/** The last lines of the server's log, for the error of a start that failed. */
export async function serverLogTail(dataDir: string, lines: number): Promise<string> {
  const text = await readFile(serverLogPath(dataDir), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

async function openLog(path: string) {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  // Fails where another process holds the file (Windows): then it grows on.
  if (size > maxLogBytes) await rename(path, `${path}.old`).catch(() => undefined);
  return open(path, 'a', 0o600);
}
