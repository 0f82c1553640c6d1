import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obtainSecretsKey } from '../../../src/vscode/secretsKey.ts';

/** A secret storage or memento over a map. */
function storageOn(map: Map<string, string>) {
  return {
    get: async (name: string) => map.get(name),
    store: async (name: string, value: string) => void map.set(name, value),
  };
}
function memoryOn(map: Map<string, string>) {
  return {
    get: (name: string) => map.get(name),
    update: async (name: string, value: string | undefined) => void map.set(name, value ?? ''),
  };
}

describe('the key of the secrets', () => {
  let dataDir: string;
  const secrets = new Map<string, string>();
  const memory = new Map<string, string>();
  const file = () => join(dataDir, 'secrets.key');
  const obtain = (runId: string) =>
    obtainSecretsKey(storageOn(secrets), memoryOn(memory), dataDir, runId);

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vmcp-key-'));
    secrets.clear();
    memory.clear();
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is 32 bytes, and stands in a private file until VS Code has shown that it keeps it', async () => {
    const { key, keptIn } = await obtain('run 1');
    assert.equal(Buffer.from(key, 'base64').length, 32);
    assert.equal(keptIn, 'undecided');
    assert.equal((await readFile(file(), 'utf8')).trim(), key);
    if (process.platform !== 'win32') assert.equal((await stat(file())).mode & 0o777, 0o600);
  });

  it('is the same in all windows of one run', async () => {
    const keys = await Promise.all([obtain('run 1'), obtain('run 1'), obtain('run 1')]);
    assert.equal(new Set(keys.map(({ key }) => key)).size, 1);
    assert.equal((await obtain('run 1')).keptIn, 'undecided');
    assert(existsSync(file()));
  });

  it('leaves the file when a later run reads it back from VS Code', async () => {
    const { key } = await obtain('run 1');
    assert.deepEqual(await obtain('run 2'), { key, keptIn: 'secretStorage' });
    assert(!existsSync(file()));
    assert.deepEqual(await obtain('run 3'), { key, keptIn: 'secretStorage' });
  });

  it('stays in the file where VS Code forgets it', async () => {
    const { key } = await obtain('run 1');
    secrets.clear();
    assert.deepEqual(await obtain('run 2'), { key, keptIn: 'file' });
    secrets.clear();
    assert.deepEqual(await obtain('run 3'), { key, keptIn: 'file' });
    assert(existsSync(file()));
  });

  it('is the one of the file where another one is stored', async () => {
    const { key } = await obtain('run 1');
    secrets.set([...secrets.keys()][0] ?? '', Buffer.alloc(32, 1).toString('base64'));
    assert.equal((await obtain('run 1')).key, key);
  });
});
