import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository, serverProgram } from '../support/paths.ts';

describe('what is built', () => {
  const dist = (name: string) => join(repository, 'dist', name);
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

  for (const [name, kilobytes] of [
    ['extension.js', 300],
    ['server.js', 1_500],
  ] as const) {
    it(`${name} stays below ${kilobytes} kB`, function () {
      if (existsSync(dist(`${name}.map`))) this.skip(); // built for debugging, not minified
      assert(statSync(dist(name)).size <= kilobytes * 1000);
    });
  }

  it('needs no package at run time', () => {
    assert.deepEqual(manifest.dependencies ?? {}, {});
    for (const name of ['server.js', 'databaseWorker.js', 'launcher.js', 'reaper.js']) {
      assert.doesNotMatch(readFileSync(dist(name), 'utf8'), /require\(["']vscode["']\)/, name);
    }
  });

  it('supports exactly the VS Code versions whose API it is compiled against', () => {
    const engine = manifest.engines.vscode.replace('^', '');
    assert.equal(manifest.devDependencies['@types/vscode'], `~${engine}`);
  });

  it('is a program of its own, which says what is wrong with its flags', () => {
    assert.equal(manifest.bin.vmcp, 'dist/server.js');
    assert.equal(readFileSync(serverProgram, 'utf8').slice(0, 20), '#!/usr/bin/env node\n');
    assert.throws(
      () => execFileSync(process.execPath, [serverProgram, '--no-such-flag'], { stdio: 'pipe' }),
      /no-such-flag/,
    );
  });
});
