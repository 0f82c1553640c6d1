// Packages the extension and tests it in real VS Codes.
// usage: node test/vscode/run.mjs        VSCODE_DESKTOP=1: in a desktop VS Code, which is downloaded
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installBrowser, installVscode, versions } from './install.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vsix = `${root}.vscode-test/vmcp.vsix`;

mkdirSync(`${root}.vscode-test`, { recursive: true });
if (!process.env.VSCODE_DESKTOP) {
  await Promise.all([...Object.keys(versions).map(installVscode), installBrowser()]);
}
run('npm', ['run', '--silent', 'package', '--', '--out', vsix]);
const tests = process.env.VSCODE_DESKTOP ? 'desktop.test.ts' : '!(desktop).test.ts';
run(process.execPath, [
  ...['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--forbid-only', '--bail'],
  ...['--reporter', 'test/support/compactReporter.mjs', '--timeout', '180000'],
  `test/vscode/${tests}`,
]);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
