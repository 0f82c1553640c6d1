import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { repository } from '../support/paths.ts';

const run = promisify(execFile);
const fixture = (name: string) => join(repository, 'test/fixtures/offline', name);
/** A network namespace of its own, in which only the loopback device is up. */
const namespace = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] as const;
const hasNamespaces = (() => {
  try {
    const [command, ...args] = [...namespace, 'true'];
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('without a network', function () {
  this.timeout(60_000);
  const cleanup = useCleanup();

  /** Installs, runs and calls; what the Python tool answered. */
  async function installAndCall(before: readonly string[], flags: readonly string[]) {
    const elsewhere = createServer((_, response) => response.end()).listen(0);
    cleanup.add(() => elsewhere.close());
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const program = [...flags, '--import', 'tsx', fixture('installAndCall.ts')];
    const args = [...program, await makeTempDir(cleanup), `http://${ownAddress()}:${port}/`];
    const [command = '', ...rest] = [...before, process.execPath, ...args];
    const { stdout } = await run(command, rest, { cwd: repository });
    return JSON.parse(stdout);
  }

  const answer = { mean: 3, digit: '3' };

  it('where the system has none, the server is installed and runs Python tools', async function () {
    if (!hasNamespaces) this.skip(); // as on macOS and Windows
    assert.deepEqual(await installAndCall(namespace, []), answer);
  });

  it('where Node refuses every connection, the server is installed and runs Python tools', async () => {
    assert.deepEqual(await installAndCall([], ['--require', fixture('noNetwork.cjs')]), answer);
  });

  it('these checks notice a network', async function () {
    if (ownAddress() === '127.0.0.1') this.skip(); // this host has none at all
    await assert.rejects(installAndCall([], []), /The network is not cut/);
  });
});

/** An address of this host that others could reach; its loopback address where it has no other. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outer = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outer?.address ?? '127.0.0.1';
}
