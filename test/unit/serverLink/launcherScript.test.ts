import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { launcherScriptFile } from '../../../src/contract/storageFolders.ts';
import { writeLauncherScript } from '../../../src/serverLink/launcherScript.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';

describe('the script that starts the launcher', () => {
  const cleanup = useCleanup();
  let folder: string;
  let dataDir: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    folder = await makeTempDir(cleanup);
    dataDir = join(folder, "Application Support/it's ours");
    await mkdir(join(dataDir, 'bin'), { recursive: true });
    const tell = 'console.log(JSON.stringify([process.execPath, ...process.argv.slice(2)]))';
    await writeFile(join(dataDir, 'bin/launcher.js'), tell);
  });

  /** A runtime in a folder that goes with an update. */
  async function runtimeOf(version: string): Promise<string> {
    const runtime = join(folder, `server's ${version}`, 'node');
    await mkdir(dirname(runtime));
    await copyFile(process.execPath, runtime);
    return runtime;
  }

  function start(path: string): string[] {
    const args = [launcherScriptFile(dataDir), '--vmcp', 'my vmcp'];
    const options = { encoding: 'utf8', env: { PATH: path }, stdio: 'pipe' } as const;
    return JSON.parse(execFileSync('/bin/sh', args, options));
  }

  it('takes the runtime that was written last, and else node', async () => {
    const path = join(folder, 'path');
    await mkdir(path);
    const found = execFileSync('/bin/sh', ['-c', 'command -v dirname'], { encoding: 'utf8' });
    await symlink(found.trim(), join(path, 'dirname'));
    const [first, second] = [await runtimeOf('1'), await runtimeOf('2')];
    await writeLauncherScript(dataDir, first);
    assert.deepEqual(start(path), [first, '--vmcp', 'my vmcp']);
    await writeLauncherScript(dataDir, second);
    await rm(dirname(first), { recursive: true });
    assert.deepEqual(start(path), [second, '--vmcp', 'my vmcp']);
    await rm(dirname(second), { recursive: true });
    assert.throws(() => start(path), /neither .*server's 2.* nor node/s);
    await symlink(process.execPath, join(path, 'node'));
    assert.deepEqual(start(path), [process.execPath, '--vmcp', 'my vmcp']);
  });
});
