import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cleanup, makeTempDir } from '../support/cleanup.ts';
import { type HostOptions, VscodeHost } from './host.ts';
import { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

const vsix = fileURLToPath(new URL('../../.vscode-test/vmcp.vsix', import.meta.url));

/** A VS Code with the packaged extension, and folders for two windows. */
export class Setup {
  private constructor(
    readonly host: VscodeHost,
    readonly folder: string,
    readonly storage: Storage,
  ) {}

  static async start(
    cleanup: Cleanup,
    version: HostOptions['version'],
    settings: HostOptions['settings'] = {},
    more: Pick<HostOptions, 'asksForTrust'> = {},
  ): Promise<Setup> {
    const folder = await makeTempDir(cleanup);
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'where.txt'), `in ${name}`);
    }
    const host = new VscodeHost({ version, dataDir: join(folder, 'vscode'), settings, ...more });
    const storage = new Storage(host.storageOf('vmcp.vmcp'));
    cleanup.add(() => storage.endServers());
    cleanup.add(() => host.close());
    await host.start(vsix);
    return new Setup(host, folder, storage);
  }

  open(name: 'a' | 'b'): Promise<TestWindow> {
    return this.host.open(join(this.folder, name));
  }
}
