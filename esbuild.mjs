// Builds everything that runs into dist/.
// usage: node esbuild.mjs [--production] [--watch]
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as esbuild from 'esbuild';
import { copyPyodide, pythonRunnerBuild } from './src/pythonRunner/build.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const require = createRequire(import.meta.url);

/** Programs that run in Node: the extension host's part, the server process and its helpers. */
const programs = {
  extension: 'src/extension.ts',
  server: 'src/server/main.ts',
  databaseWorker: 'src/server/store/databaseWorker.ts',
  importWorker: 'src/server/tools/import/importWorker.ts',
  reaper: 'src/reaper/main.ts',
  launcher: 'src/launcher/main.ts',
};

const options = {
  entryPoints: programs,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  define: { 'process.env.VMCP_VERSION': JSON.stringify(require('./package.json').version) },
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
copyFileSync(require.resolve('sql.js/dist/sql-wasm.wasm'), 'dist/sql-wasm.wasm');
await copyPyodide('dist/pyodide');
const pythonRunner = { ...options, ...pythonRunnerBuild };
if (watch) {
  for (const one of [options, pythonRunner]) {
    const context = await esbuild.context({ ...one, logLevel: 'info' });
    await context.watch();
  }
} else {
  const [result] = await Promise.all([esbuild.build(options), esbuild.build(pythonRunner)]);
  writeFileSync('dist/meta.json', JSON.stringify(result.metafile));
}
