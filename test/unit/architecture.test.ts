import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  importCycles,
  importsOf,
  packagesOf,
  type SourceFile,
  wrongImports,
  wrongShape,
} from '../support/architecture.ts';
import { repository } from '../support/paths.ts';

describe('architecture', () => {
  const files = ['src', 'webview-ui'].flatMap(readSources);

  it('is read from the real sources', () => {
    assert(files.length > 20);
    assert(files.some(({ path }) => path === 'src/contract/events.ts'));
  });

  it('has imports in the allowed directions only', () => {
    assert.deepEqual(wrongImports(files), []);
  });

  it('has no import cycle', () => {
    assert.deepEqual(importCycles(files), []);
  });

  it('has no file that is too long, and no default export', () => {
    assert.deepEqual(wrongShape(files), []);
  });

  it('imports only packages that package.json names', () => {
    const { dependencies = {}, devDependencies = {} } = readManifest();
    const named = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    assert.deepEqual(
      [...packagesOf(files)].filter((name) => !named.has(name)),
      [],
    );
  });
});

describe('the architecture checks themselves', () => {
  const wrong = (path: string, specifier: string) =>
    wrongImports([{ path, text: `import { x } from '${specifier}';` }]).length === 1;

  it('find imports in every form', () => {
    const text = [
      "import './a.ts';",
      "import type {\n  B,\n} from './b.ts';",
      "import * as c from 'c';",
      "export { d } from './d.ts';",
      "const e = await import('e');",
      "// import x from './comment.ts';",
      "const f = 'from nowhere';",
    ].join('\n');
    assert.deepEqual(importsOf(text).sort(), ['./a.ts', './b.ts', './d.ts', 'c', 'e']);
  });

  it('refuse upward and sideward imports within the server', () => {
    assert(wrong('src/server/upstream/a.ts', '../vmcp/b.ts'));
    assert(wrong('src/server/store/a.ts', '../upstream/b.ts'));
    assert(wrong('src/server/http/a.ts', '../mcp/b.ts'));
    assert(wrong('src/server/vmcp/deep/a.ts', '../../createServer.ts'));
    assert(wrong('src/server/log.ts', './store/a.ts'));
    assert(wrong('src/server/createServer.ts', './main.ts'));
  });

  it('allow downward imports within the server', () => {
    assert(!wrong('src/server/vmcp/a.ts', '../upstream/b.ts'));
    assert(!wrong('src/server/vmcp/a.ts', './b.ts'));
    assert(!wrong('src/server/store/a.ts', '../log.ts'));
    assert(!wrong('src/server/createServer.ts', './mcp/a.ts'));
    assert(!wrong('src/server/http/deep/a.ts', '../../../contract/b.ts'));
  });

  it('refuse wrong imports between the programs', () => {
    assert(wrong('src/server/mcp/a.ts', 'vscode'));
    assert(wrong('src/serverLink/a.ts', 'vscode'));
    assert(wrong('src/server/mcp/a.ts', '../../vscode/b.ts'));
    assert(wrong('src/vscode/a.ts', '../server/log.ts'));
    assert(wrong('src/launcher/a.ts', '../server/instance/b.ts'));
    assert(wrong('src/reaper/a.ts', '../contract/json.ts'));
    assert(wrong('webview-ui/a.ts', '../src/vscode/b.ts'));
    assert(wrong('src/contract/a.ts', '../server/log.ts'));
    assert(wrong('src/vscode/a.ts', '../../test/support/b.ts'));
  });

  it('allow what the programs share', () => {
    assert(!wrong('src/extension.ts', './vscode/a.ts'));
    assert(!wrong('src/vscode/deep/a.ts', '../../serverLink/b.ts'));
    assert(!wrong('src/vscode/deep/a.ts', 'vscode'));
    assert(!wrong('src/launcher/a.ts', '../serverLink/b.ts'));
    assert(!wrong('webview-ui/a.ts', '../src/contract/b.ts'));
  });

  it('find a cycle', () => {
    const file = (path: string, to: string) => ({ path, text: `import { x } from '${to}';` });
    const cycle = [
      file('src/a.ts', './b.ts'),
      file('src/b.ts', './c.ts'),
      file('src/c.ts', './a.ts'),
    ];
    assert.deepEqual(importCycles(cycle), ['src/a.ts → src/b.ts → src/c.ts → src/a.ts']);
    assert.deepEqual(importCycles(cycle.slice(0, 2)), []);
  });

  it('find long files and default exports', () => {
    const text = `${'\n'.repeat(401)}export default 1;\n`;
    assert.equal(wrongShape([{ path: 'src/a.ts', text }]).length, 2);
  });
});

function readSources(folder: string): SourceFile[] {
  const top = join(repository, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      path: `${folder}/${name.replaceAll('\\', '/')}`,
      text: readFileSync(join(top, name), 'utf8'),
    }));
}

function readManifest(): {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
} {
  return JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
}
