import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const limitMs = 10_000;

/**
 * When a process was started, in words of the operating system: with the pid it identifies a process,
 * since pids are used again. undefined where no such process is (to be) found.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') {
    const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
    return output('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
  }
  return output('ps', ['-o', 'lstart=', '-p', String(pid)]);
}

/** Field 22 of /proc/PID/stat: ticks since boot. The second field may hold spaces and parentheses. */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function output(program: string, args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: limitMs, windowsHide: true, env: { ...process.env, LC_ALL: 'C' } };
    execFile(program, args, options, (error, stdout) => {
      const text = stdout.trim().replaceAll(/\s+/g, '_');
      resolve(error === null && text !== '' ? text : undefined);
    });
  });
}
