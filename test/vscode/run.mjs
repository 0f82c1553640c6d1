// Packages the extension and tests it in real VS Codes.
// usage: node test/vscode/run.mjs        VSCODE_DESKTOP=1: in a desktop VS Code, which is downloaded
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installBrowser, installVscode, versions } from './install.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vsix = `${root}.vscode-test/vmcp.vsix`;

mkdirSync(`${root}.vscode-test`, { recursive: true });
if (!process.env.VSCODE_DESKTOP) {
  await Promise.all([...Object.keys(versions).map(installVscode), installBrowser()]);
}
run('npm', ['run', '--silent', 'package', '--', '--out', vsix]);
const files = process.env.VSCODE_DESKTOP
  ? ['desktop.test.ts']
  : readdirSync(new URL('.', import.meta.url)).filter((name) =>
      /^(?!desktop).*\.test\.ts$/.test(name),
    );
let passed = 0;
let failed = 0;
for (const file of files) {
  const outcome = testTwiceAtMost(file);
  passed += outcome.passed;
  failed += outcome.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * A browser in which a whole editor runs can be late for reasons of the machine's own. What is broken fails
 * twice; what failed once is told.
 */
function testTwiceAtMost(file) {
  const first = test(file);
  if (first.failed === 0) return first;
  console.log(first.output.replace(/^/gm, '  again: '));
  const second = test(file);
  if (second.failed > 0) console.log(second.output);
  return second;
}

/** A file's tests build on one another: after the first that fails, the rest says nothing. */
function test(file) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      ...['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--forbid-only', '--bail'],
      ...['--reporter', 'test/support/compactReporter.mjs', '--timeout', '180000'],
      `test/vscode/${file}`,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const [, good = 0, bad = 0] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
  const output = stdout.replace(/^\d+ passed, \d+ failed\n/m, '');
  const isWrong = status !== 0 && Number(bad) === 0;
  if (status === 0) process.stdout.write(output);
  return { passed: Number(good), failed: isWrong ? 1 : Number(bad), output };
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
