// Runs a real VS Code with the extension in it, to be looked at in a browser; Ctrl+C ends it.
// usage: node test/vscode/open.mjs [FOLDER]      what it stores stays in .vscode-test/open
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installVscode } from './install.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const port = process.env.PORT ?? '8800';
const folder = resolve(process.argv[2] ?? `${root}.vscode-test/workspace`);
const vsix = `${root}.vscode-test/vmcp.vsix`;

mkdirSync(folder, { recursive: true });
const { node, vscode } = await installVscode('1.139');
const inherit = { cwd: root, stdio: 'inherit' };
execFileSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], inherit);
const common = [`${vscode}/out/server-main.js`, '--accept-server-license-terms'];
common.push('--server-data-dir', `${root}.vscode-test/open`);
execFileSync(node, [...common, '--install-extension', vsix, '--force'], inherit);
const server = spawn(
  node,
  [
    ...[...common, '--host', '127.0.0.1', '--port', port, '--without-connection-token'],
    ...['--disable-workspace-trust', '--telemetry-level', 'off'],
  ],
  { stdio: 'ignore' },
);
console.log(`VS Code: http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`);
server.on('exit', (code) => {
  if (code)
    console.error(`VS Code ended with ${code}. Is port ${port} taken? PORT=… chooses another.`);
  process.exit(code ?? 0);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill());
