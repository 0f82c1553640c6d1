// Writes pictures of the extension in a real VS Code, of its sidebar, walkthrough and pages in light,
// dark and high contrast and at 300 px, with data as people have it.
// usage: node test/vscode/screenshots.mjs        into .vscode-test/screenshots
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(`${root}.vscode-test/screenshots`, { recursive: true });
run('npm', ['run', '--silent', 'package', '--', '--out', `${root}.vscode-test/vmcp.vsix`]);
run(process.execPath, [
  ...['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--timeout', '240000'],
  'test/vscode/screenshots.ts',
]);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
