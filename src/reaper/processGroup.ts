import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const windows = process.platform === 'win32';
const graceMs = 2000;
const pollMs = 20;

/** Whether any process of the group (on Windows: the process itself) is left. */
export function groupExists(pid: number): boolean {
  return signalGroup(pid, 0);
}

/**
 * Ends a process group: SIGTERM, 2 s, SIGKILL; on Windows the process and its descendants at once.
 * Resolves when nothing is left of it, or 1 s after SIGKILL where a zombie has no parent to reap it.
 */
export async function endGroup(pid: number): Promise<void> {
  if (windows) return killTree(pid);
  if (!signalGroup(pid, 'SIGTERM') || (await groupGone(pid, graceMs))) return;
  signalGroup(pid, 'SIGKILL');
  await groupGone(pid, 1000);
}

/** @returns whether nothing was left of the group within the time */
export async function groupGone(pid: number, limitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + limitMs; groupExists(pid); ) {
    if (performance.now() >= deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** @returns false where no such process is left, or it is none of ours */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(windows ? pid : -pid, signal);
  } catch {
    return false;
  }
}

function killTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    // A failure means that the process was gone already.
    execFile('taskkill', ['/T', '/F', '/PID', String(pid)], { windowsHide: true }, () => resolve());
  });
}
