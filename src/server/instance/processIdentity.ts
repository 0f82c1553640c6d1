import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells a process from every other one that ever had its pid, here or elsewhere. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's words; null where the system does not tell. */
  start: string | null;
  host: string;
  /** Where its pid means anything: boot and pid namespace of a Linux kernel; null elsewhere. */
  boot: string | null;
  pids: string | null;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    start: await startOf(process.pid),
    host: hostname(),
    boot: await orNull(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    pids: await orNull(readlink('/proc/self/ns/pid')),
  };
}

/**
 * Whether the process of an identity still runs: `unknown` where it cannot be seen from here
 * (another host or container), or where the pid lives but may have been given out again. The same
 * host with another boot was restarted since.
 */
export async function stateOf(
  other: ProcessIdentity,
  own: ProcessIdentity,
): Promise<'running' | 'gone' | 'unknown'> {
  if (other.boot !== own.boot) return other.host === own.host ? 'gone' : 'unknown';
  if (other.pids !== own.pids) return 'unknown';
  const alive = isAlive(other.pid);
  const start = alive ? await startOf(other.pid) : null;
  // Whatever its host is called now: laptops change their names with the network.
  if (start !== null && start === other.start) return 'running';
  if (own.boot === null && other.host !== own.host) return 'unknown';
  return alive && (start === null || other.start === null) ? 'unknown' : 'gone';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists and is someone else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await orNull(readFile(`/proc/${pid}/stat`, 'utf8'));
    // From field 3 on; the second one, the program's name, may hold spaces and parentheses.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not taken note yet.
    return fields?.[0] === 'Z' ? 'ended' : (fields?.[19] ?? null);
  }
  // On Windows only PowerShell tells, and takes a second for it.
  return process.platform === 'win32' ? null : await psStartOf(pid);
}

function psStartOf(pid: number): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: 5_000, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], options, (error, stdout) => {
      resolve(error ? null : stdout.trim() || null);
    });
  });
}

async function orNull(text: Promise<string>): Promise<string | null> {
  return await text.then(
    (value) => value.trim(),
    () => null,
  );
}
