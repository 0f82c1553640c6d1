import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps what could not be used in `set-aside.jsonl`, one JSON object a line, so that it can be
 * looked at and nothing is lost. Blocks: for starts and rare errors.
 * @returns the file.
 */
export function setAside(folder: string, what: string, reason: string, content: string): string {
  const file = join(folder, 'set-aside.jsonl');
  const line = JSON.stringify({ at: new Date().toISOString(), what, reason, content });
  appendFileSync(file, `${line}\n`, { mode: 0o600 });
  return file;
}
