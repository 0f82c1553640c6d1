// How the program that runs Python tools is built, and the files of pyodide that stand beside it.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const require = createRequire(import.meta.url);

/** Options of esbuild, to be added to those that all programs share. */
export const pythonRunnerBuild = {
  entryPoints: { pythonRunner: here('main.ts') },
  alias: { ws: here('noWebSockets.ts') },
  loader: { '.py': 'text' },
  // Pyodide is written for ES modules and asks for its own place.
  define: { 'import.meta.url': '__filename' },
};

/** Copies what pyodide reads when it starts. */
export function copyPyodide(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of ['pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json']) {
    copyFileSync(require.resolve(`pyodide/${name}`), join(folder, name));
  }
}
