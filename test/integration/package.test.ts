import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository, serverProgram } from '../support/paths.ts';

const packed = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/THIRD_PARTY_LICENSES.txt',
  'dist/databaseWorker.js',
  'dist/extension.js',
  'dist/importWorker.js',
  'dist/language.js',
  'dist/launcher.js',
  'dist/pyodide/pyodide-lock.json',
  'dist/pyodide/pyodide.asm.wasm',
  'dist/pyodide/python_stdlib.zip',
  'dist/pythonRunner.js',
  'dist/questions.js',
  'dist/reaper.js',
  'dist/runServer.js',
  'dist/server.js',
  'dist/sql-wasm.wasm',
  'dist/webview/codicon.css',
  'dist/webview/codicon.ttf',
  'dist/webview/dashboard.css',
  'dist/webview/dashboard.js',
  'dist/webview/inspector.css',
  'dist/webview/inspector.js',
  'dist/webview/toolEditor.css',
  'dist/webview/toolEditor.js',
  'dist/webview/vmcpEditor.css',
  'dist/webview/vmcpEditor.js',
  'l10n/bundle.l10n.de.json',
  'media/activity.svg',
  'media/customTool.png',
  'media/dashboard.png',
  'media/icon.png',
  'media/screenshot.png',
  'media/walkthrough/add.svg',
  'media/walkthrough/compose.svg',
  'media/walkthrough/own.svg',
  'media/walkthrough/use.svg',
  'media/walkthrough/watch.svg',
  'package.json',
  'package.nls.de.json',
  'package.nls.json',
];

describe('what is built', () => {
  const dist = (name: string) => join(repository, 'dist', name);
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

  for (const [names, kilobytes] of [
    [['extension.js'], 300],
    [['questions.js'], 150],
    [['server.js', 'runServer.js'], 1_500],
    [['webview/dashboard.js', 'webview/dashboard.css'], 400],
    [['webview/inspector.js', 'webview/inspector.css'], 400],
    [['webview/toolEditor.js', 'webview/toolEditor.css'], 400],
    [['webview/vmcpEditor.js', 'webview/vmcpEditor.css'], 400],
  ] as const) {
    it(`${names.join(' and ')} stay below ${kilobytes} kB`, function () {
      if (existsSync(dist('server.js.map'))) this.skip(); // not minified
      const bytes = names.reduce((sum, name) => sum + statSync(dist(name)).size, 0);
      assert(bytes <= kilobytes * 1000);
    });
  }

  it('needs no package at run time', () => {
    assert.deepEqual(manifest.dependencies ?? {}, {});
    for (const name of [
      'server.js',
      'runServer.js',
      'databaseWorker.js',
      'launcher.js',
      'reaper.js',
    ]) {
      assert.doesNotMatch(readFileSync(dist(name), 'utf8'), /require\(["']vscode["']\)/, name);
    }
  });

  it('packs what runs, the texts that belong to it and nothing else', () => {
    const vsce = join(repository, 'node_modules/@vscode/vsce/vsce');
    const listed = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies'], {
      cwd: repository,
      encoding: 'utf8',
    });
    assert.deepEqual(listed.trim().split('\n').sort(), packed);
  });

  it('tells nothing of the machine that built it', () => {
    for (const name of packed.filter((file) => /\.(js|json|txt)$/.test(file))) {
      const text = readFileSync(join(repository, name), 'utf8');
      assert(!text.includes(repository), name);
    }
    const lock = readFileSync(join(repository, 'package-lock.json'), 'utf8');
    assert.doesNotMatch(lock, /"resolved"/);
  });

  it('brings the licence of everything that is part of it', () => {
    const all = readFileSync(dist('THIRD_PARTY_LICENSES.txt'), 'utf8');
    for (const name of ['sql.js', 'pyodide', 'koa', 'zod', 'ws']) {
      assert.match(all, new RegExp(`^${name} \\d`, 'm'), name);
    }
    assert.match(all, /^Python 3\..* \(PSF-2\.0\)$/m);
    assert.match(all, /PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2/);
    for (const part of all.split(`\n${'-'.repeat(80)}\n`)) {
      const [head = '', ...text] = part.trim().split('\n');
      assert(text.join('').length > 40, `${head} has neither a text nor an address`);
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
