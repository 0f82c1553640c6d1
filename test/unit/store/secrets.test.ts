import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSecretStore } from '../../../src/server/store/fileSecretStore.ts';
import { loadOrCreateKeyFile } from '../../../src/server/store/keyFile.ts';
import { SecretsLockedError } from '../../../src/server/store/secretsLockedError.ts';
import { StoreError } from '../../../src/server/store/storeError.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';

describe('secrets', () => {
  const cleanup = useCleanup();
  const key = randomBytes(32);
  let folder: string;
  let file: string;
  let problems: string[];

  beforeEach(async () => {
    folder = await makeTempDir(cleanup);
    file = join(folder, 'secrets.json');
    problems = [];
  });

  function open(): Promise<FileSecretStore> {
    return FileSecretStore.open(file, (problem) => problems.push(problem.code));
  }

  async function opened(): Promise<FileSecretStore> {
    const secrets = await open();
    assert.equal(await secrets.unlock(key), true);
    return secrets;
  }

  it('are kept over a restart and open with their key only', async () => {
    const first = await opened();
    await first.update({ 'server/1/env/A': 'value-a', 'server/2/env/B': 'value-b' });
    await first.update({ 'server/2/env/B': null, 'vmcp/1/config/c': 'grün 🙂' });

    const second = await open();
    assert.equal(second.locked, true);
    assert.equal(await second.unlock(randomBytes(32)), false);
    assert.equal(await second.unlock(randomBytes(16)), false);
    assert.equal(second.locked, true);
    assert.equal(await second.unlock(key), true);
    assert.equal(second.get('server/1/env/A'), 'value-a');
    assert.equal(second.get('server/2/env/B'), undefined);
    assert.equal(second.get('vmcp/1/config/c'), 'grün 🙂');
    assert.deepEqual(problems, []);
  });

  it('tell their names but nothing else while locked', async () => {
    await (await opened()).update({ 'server/1/env/A': 'value-a', 'server/2/env/B': 'value-b' });
    const locked = await open();
    assert.deepEqual(locked.names('server/1/'), ['server/1/env/A']);
    assert.throws(() => locked.get('server/1/env/A'), SecretsLockedError);
    await assert.rejects(locked.update({ x: 'y' }), SecretsLockedError);
  });

  it('call listeners once, when they are unlocked', async () => {
    const secrets = await open();
    let calls = 0;
    const stop = secrets.onUnlocked(() => calls++);
    secrets.onUnlocked(() => stop());
    await secrets.unlock(randomBytes(16));
    assert.equal(calls, 0);
    await secrets.unlock(key);
    await secrets.unlock(key);
    assert.equal(calls, 1);
  });

  it('stand in no readable form in a file that only its user can read', async () => {
    await (await opened()).update({ name: 'very-secret-value' });
    const text = await readFile(file, 'utf8');
    assert(!text.includes('very-secret-value'));
    assert(!text.includes(Buffer.from('very-secret-value').toString('base64')));
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ['secrets.json']);
  });

  it('keep all of many updates made at once', async () => {
    const secrets = await opened();
    const names = Array.from({ length: 20 }, (_, index) => `name${index}`);
    await Promise.all(names.map((name) => secrets.update({ [name]: name })));
    const again = await opened();
    assert.deepEqual(
      names.map((name) => again.get(name)),
      names,
    );
  });

  it('may be called like members of objects', async () => {
    await (await opened()).update({ constructor: 'b' });
    const again = await opened();
    assert.equal(again.get('constructor'), 'b');
    assert.equal(again.get('toString'), undefined);
  });

  it('open under no other name', async () => {
    await (await opened()).update({ a: 'value-a', b: 'value-b' });
    const content = JSON.parse(await readFile(file, 'utf8'));
    content.values.a = content.values.b;
    await writeFile(file, JSON.stringify(content));
    const again = await opened();
    assert.equal(again.get('a'), undefined);
    assert.equal(again.get('b'), 'value-b');
    assert.deepEqual(problems, ['secrets_damaged']);
    assert.equal((await readdir(folder)).filter((name) => name.includes('.damaged-')).length, 1);
  });

  it('start anew where the file is damaged, which is kept', async () => {
    await (await opened()).update({ a: 'value-a' });
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -20));
    const again = await open();
    assert.deepEqual(problems, ['secrets_damaged']);
    assert.deepEqual(again.names(''), []);
    const [kept] = (await readdir(folder)).filter((name) => name.includes('.damaged-'));
    assert.equal(await readFile(join(folder, kept ?? ''), 'utf8'), text.slice(0, -20));
    assert.equal(await again.unlock(randomBytes(32)), true);
  });

  it('are as before where they cannot be written', async () => {
    const secrets = await opened();
    await secrets.update({ a: 'before' });
    await rm(file);
    await mkdir(file);
    await assert.rejects(secrets.update({ a: 'after' }), StoreError);
    assert.equal(secrets.get('a'), 'before');
    assert.deepEqual(await readdir(folder), ['secrets.json']);
    await rmdir(file);
    await secrets.update({ b: 'later' });
    assert.equal((await opened()).get('a'), 'before');
  });
});

describe('key file', () => {
  const cleanup = useCleanup();

  it('is made once, for its user only', async () => {
    const file = join(await makeTempDir(cleanup), 'secrets.key');
    const key = await loadOrCreateKeyFile(file);
    assert.equal(key.length, 32);
    assert.deepEqual(Buffer.from(await loadOrCreateKeyFile(file)), Buffer.from(key));
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('is never replaced where it is damaged', async () => {
    const file = join(await makeTempDir(cleanup), 'secrets.key');
    await writeFile(file, 'short');
    await assert.rejects(loadOrCreateKeyFile(file), /holds no key of 32 bytes/);
    assert.equal(await readFile(file, 'utf8'), 'short');
  });
});
