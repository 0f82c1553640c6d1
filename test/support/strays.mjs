// Finds processes that a test run left behind, by a mark in the environment that all of them inherit.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Environment variable that marks every process of one run. */
export const runMark = 'VMCP_TEST_RUN';

/**
 * Processes other than this one that carry the mark; [] where the system has no /proc.
 * @returns {{ pid: number, command: string }[]}
 */
export function strayProcesses(runId) {
  return pids().flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(`${runMark}=${runId}`)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return command === '' ? [] : [{ pid, command }]; // '' is a process that has ended already
    } catch {
      return []; // gone meanwhile, or another user's
    }
  });
}

/** Gives them time to end by themselves, then ends and returns those that did not. */
export async function endStrays(runId, graceMs) {
  const deadline = performance.now() + graceMs;
  while (strayProcesses(runId).length > 0 && performance.now() < deadline) await delay(100);
  const left = strayProcesses(runId);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended between the look and the signal.
    }
  }
  return left;
}

function pids() {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return [];
  }
}
