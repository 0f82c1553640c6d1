import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launcherScriptFile } from '../contract/storageFolders.ts';

/**
 * Writes the script by which other clients start the launcher, where it is not as it should be. Their
 * files name the script and not the runtime of this VS Code, since that one's folder goes with an
 * update (as the server's of Remote SSH and WSL does). The script takes the runtime that was written
 * into it last, or else `node`. None on Windows, whose programs cannot all start scripts.
 */
export async function writeLauncherScript(
  dataDir: string,
  runtime = process.execPath,
): Promise<void> {
  if (process.platform === 'win32') return;
  const file = launcherScriptFile(dataDir);
  const content = scriptFor(runtime);
  if ((await readFile(file, 'utf8').catch(() => undefined)) === content) return;
  await mkdir(join(dataDir, 'bin'), { recursive: true });
  const temporary = join(dataDir, 'bin', `.${randomUUID()}`);
  try {
    await writeFile(temporary, content, { mode: 0o700 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function scriptFor(runtime: string): string {
  return `#!/bin/sh
# Starts the launcher of vMCP, which writes this file.
runtime=${quoted(runtime)}
launcher="$(dirname "$0")/launcher.js"
export ELECTRON_RUN_AS_NODE=1
[ -x "$runtime" ] && exec "$runtime" "$launcher" "$@"
command -v node >/dev/null && exec node "$launcher" "$@"
echo "vMCP: there is neither $runtime nor node. Open VS Code once with vMCP, or install Node.js." >&2
exit 1
`;
}

/** A text as one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
