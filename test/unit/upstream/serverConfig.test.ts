import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ServerRecord } from '../../../src/contract/servers.ts';
import { childEnvironment } from '../../../src/server/upstream/childEnvironment.ts';
import { isOnlyVariables } from '../../../src/server/upstream/configVariables.ts';
import {
  hashConfig,
  resolveServerConfig,
  usesWorkspaceFolder,
} from '../../../src/server/upstream/serverConfig.ts';
import { MemoryStore, serverRecord } from '../../fixtures/upstream/memoryStore.ts';

const folder = `\${workspaceFolder}`;
const flavour = `\${env:FLAVOUR}`;

function resolved(record: Partial<ServerRecord>, secrets: Record<string, string> = {}) {
  const memory = new MemoryStore();
  for (const [name, value] of Object.entries(secrets)) memory.secretValues.set(name, value);
  return resolveServerConfig(
    { ...serverRecord, server_id: 's', ...record },
    {
      secrets: memory.store.secrets,
      roots: [{ uri: 'file:///work/my%20folder' }],
      env: { FLAVOUR: 'sweet' },
    },
  );
}

describe('configuration of a server', () => {
  it('has variables in command, arguments, environment and folder replaced', () => {
    const { config } = resolved({
      config: {
        command: `${folder}/run`,
        args: [`--in=${folder}`, flavour, `\${other}`, `\${env:NONE}`],
        env: { A: `${flavour} ${flavour}` },
        cwd: folder,
      },
    });
    assert.deepEqual(config, {
      type: 'stdio',
      command: '/work/my folder/run',
      args: ['--in=/work/my folder', 'sweet', `\${other}`, ''],
      env: { A: 'sweet sweet' },
      cwd: '/work/my folder',
    });
  });

  it('runs in the home folder where nothing else is said', () => {
    const at = (cwd?: string) => {
      const { config } = resolved({
        config: { command: 'c', args: [], env: {}, ...(cwd && { cwd }) },
      });
      return config.type === 'stdio' ? config.cwd : undefined;
    };
    assert.equal(at(), homedir());
    assert.equal(at('projects'), join(homedir(), 'projects'));
  });

  it('has secrets put in for the mask, and names them so that they can be hidden', () => {
    const { config, secretValues } = resolved(
      {
        transport_type: 'http',
        config: {
          url: `https://h.test/${flavour}?a=1`,
          headers: { 'X-A': '********', 'X-B': 'plain' },
        },
        auth: { type: 'api_key', key: '********', name: 'k', in: 'query' },
      },
      { 's/x': 'no', 'server/s/header/X-A': 'secret a', 'server/s/auth/key': 'secret&b' },
    );
    assert.deepEqual(config, {
      type: 'http',
      url: 'https://h.test/sweet?a=1&k=secret%26b',
      headers: { 'X-A': 'secret a', 'X-B': 'plain' },
    });
    assert.deepEqual(secretValues, ['secret a', 'plain', 'secret&b']);
  });

  it('has named secrets put in wherever variables may stand, and read once', () => {
    const [one, two] = [`\${secret:one}`, `\${secret:t.w-o_2}`];
    const { config, secretValues } = resolved(
      {
        transport_type: 'http',
        config: { url: `https://${one}.test/?k=${two}`, headers: { 'X-A': '********' } },
        auth: { type: 'bearer', token: one },
      },
      { 'named/one': 'first', 'named/t.w-o_2': flavour, 'server/s/header/X-A': `<${one}>` },
    );
    assert.deepEqual(config, {
      type: 'http',
      url: new URL(`https://first.test/?k=${flavour}`).href,
      headers: { 'X-A': '<first>', Authorization: 'Bearer first' },
    });
    assert(secretValues.includes('first') && secretValues.includes(flavour));
  });

  it('is refused where it names a secret that there is not', () => {
    const args = [`\${secret:none}`];
    assert.throws(() => resolved({ config: { command: 'c', args, env: {} } }), {
      code: 'auth_required',
      message: /uses \$\{secret:none\}, and there is no secret "none"\. Set it/,
    });
  });

  it('is known to depend on the folder', () => {
    const config = { command: 'c', args: [`x${folder}`], env: {} };
    assert(usesWorkspaceFolder({ ...serverRecord, config }));
    assert(!usesWorkspaceFolder({ ...serverRecord, config: { ...config, args: [flavour] } }));
  });

  it('has a hash that changes with the named secrets that it uses, and with no other', () => {
    const memory = new MemoryStore();
    const config = { command: 'c', args: [`\${secret:one}`], env: { A: '********' } };
    const record = { ...serverRecord, server_id: 's', config };
    memory.secretValues.set('server/s/env/A', `\${secret:two}`);
    const hash = () => hashConfig(record, memory.store.secrets);
    const hashes = ['one', 'two', 'three'].map((name) => {
      memory.secretValues.set(`named/${name}`, 'x');
      return hash();
    });
    assert.notEqual(hashes[0], hashes[1]);
    assert.equal(hashes[1], hashes[2]);
  });

  it('has a hash that changes with every secret and tells none', () => {
    const memory = new MemoryStore();
    const record = { ...serverRecord, server_id: 's' };
    const hash = () => hashConfig(record, memory.store.secrets);
    const hashes = [hash()];
    for (const value of ['one', 'two']) {
      memory.secretValues.set('server/s/env/A', value);
      hashes.push(hash());
    }
    memory.secretValues.set('server/other/env/A', 'x');
    assert.equal(hash(), hashes[2]);
    assert.equal(new Set(hashes).size, 3);
    assert.equal(hashConfig({ ...record, name: 'renamed' }, memory.store.secrets), hashes[2]);
  });
});

describe('a credential', () => {
  it('is readable where it is but variables', () => {
    for (const text of [
      `\${secret:a}`,
      `Bearer \${secret:a}`,
      `\${env:A}\${secret:b}`,
      ` ${folder} `,
    ]) {
      assert(isOnlyVariables(text), text);
    }
    for (const text of ['', 'x', 'Bearer ', `a-\${secret:a}`, `\${secret:a}b`, `\${other:a}`]) {
      assert(!isOnlyVariables(text), text);
    }
  });
});

describe('environment of a child', () => {
  it('is without what belongs to VS Code, and with what is configured', () => {
    const base = { PATH: '/bin', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1', GONE: undefined };
    assert.deepEqual(
      { ...childEnvironment(base, { A: '1', PATH: '/own' }, 'linux') },
      {
        PATH: '/own',
        A: '1',
      },
    );
  });

  it('has each variable once on Windows, however it is written', () => {
    assert.deepEqual({ ...childEnvironment({ Path: 'a' }, { PATH: 'b' }, 'win32') }, { PATH: 'b' });
    assert.deepEqual(
      { ...childEnvironment({ Path: 'a' }, { PATH: 'b' }, 'linux') },
      { Path: 'a', PATH: 'b' },
    );
  });
});
