import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  installProgram,
  newestProgram,
  removeUnusedPrograms,
} from '../../../src/serverLink/serverProgram.ts';

const names = ['server.js', 'reaper.js', 'launcher.js', 'sql-wasm.wasm', join('lib', 'large.zip')];

describe('the installed server program', () => {
  let folder: string;
  let dataDir: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vmcp-program-'));
    dataDir = join(folder, 'data');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function source(version: string, content = version) {
    const directory = join(folder, `extension-${version}-${content}`);
    await mkdir(join(directory, 'lib'), { recursive: true });
    for (const name of [...names, 'extension.js', 'server.js.map', 'meta.json'])
      await writeFile(join(directory, name), `${name} ${content}`);
    return { version, directory };
  }

  it('is a whole copy, with the newest launcher beside it', async () => {
    const program = await installProgram(dataDir, await source('1.0.0'));
    assert.match(basename(program.directory), /^1\.0\.0-[0-9a-f]{12}$/);
    const copied = await readdir(program.directory, { recursive: true });
    assert.deepEqual(copied.sort(), ['lib', ...names].sort());
    assert.equal(await readFile(join(dataDir, 'bin/launcher.js'), 'utf8'), 'launcher.js 1.0.0');
  });

  it('is copied once', async () => {
    const first = await installProgram(dataDir, await source('1.0.0'));
    const second = await installProgram(dataDir, await source('1.0.0'));
    assert.deepEqual(second, first);
    assert.equal((await readdir(join(dataDir, 'bin'))).length, 2);
  });

  it('is the same for windows that install at the same time', async () => {
    const from = await source('1.0.0');
    const programs = await Promise.all([1, 2, 3, 4].map(() => installProgram(dataDir, from)));
    assert.equal(new Set(programs.map(({ directory }) => directory)).size, 1);
    assert.equal((await readdir(join(dataDir, 'bin'))).length, 2);
  });

  it('keeps two builds of one version apart', async () => {
    const first = await installProgram(dataDir, await source('1.0.0', 'a'));
    const second = await installProgram(dataDir, await source('1.0.0', 'b'));
    assert.notEqual(first.directory, second.directory);
  });

  it('is the newer one where a window of a lower version installs', async () => {
    const newer = await installProgram(dataDir, await source('1.10.0'));
    assert.deepEqual(await installProgram(dataDir, await source('1.9.0')), newer);
    assert.equal(await readFile(join(dataDir, 'bin/launcher.js'), 'utf8'), 'launcher.js 1.10.0');
    assert.deepEqual(await newestProgram(dataDir), newer);
  });

  it('is removed when a newer one runs, but never a still newer one', async () => {
    await installProgram(dataDir, await source('1.0.0'));
    const newest = await installProgram(dataDir, await source('3.0.0'));
    const running = { ...(await installProgram(dataDir, await source('2.0.0'))) };
    assert.deepEqual(running, newest);
    const abandoned = join(dataDir, 'bin/.123-abc');
    await mkdir(abandoned);
    await utimes(abandoned, 0, 0);
    await removeUnusedPrograms(dataDir, newest);
    const left = (await readdir(join(dataDir, 'bin'))).sort();
    assert.deepEqual(left, [basename(newest.directory), 'launcher.js'].sort());
  });

  it('is none in an empty folder', async () => {
    assert.equal(await newestProgram(dataDir), undefined);
  });
});
