// How the program that runs Python tools is built, and the files of pyodide that stand beside it.
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

/** Puts what pyodide reads when it starts into a folder. */
export async function copyPyodide(folder) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(require.resolve('pyodide/pyodide.asm.wasm'), join(folder, 'pyodide.asm.wasm'));
  // Without packages, which would be loaded from a network.
  const { info } = require('pyodide/pyodide-lock.json');
  writeFileSync(join(folder, 'pyodide-lock.json'), JSON.stringify({ info, packages: {} }));
  copyFileSync(await compiledLibrary(), join(folder, 'python_stdlib.zip'));
}

/**
 * Python's library as bytecode: pyodide brings sources, and compiling those that it needs for its own
 * start takes longer than all the rest of it. Made once and kept, by the interpreter itself.
 * @returns its file
 */
async function compiledLibrary() {
  const { version } = require('pyodide/package.json');
  const folder = join(here('../..'), 'node_modules/.cache/vmcp');
  const file = join(folder, `python_stdlib-${version}.zip`);
  if (existsSync(file)) return file;
  const { loadPyodide } = await import('pyodide');
  const pyodide = await loadPyodide({ indexURL: dirname(require.resolve('pyodide')) });
  pyodide.runPython(compileLibrary);
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, pyodide.FS.readFile('/tmp/library.zip'));
  renameSync(temporary, file);
  return file;
}

// Bytecode that is never compared with its source, which is not there.
const compileLibrary = `
import glob, importlib._bootstrap_external, zipfile
[library] = glob.glob('/lib/python*.zip')
with zipfile.ZipFile(library) as sources, zipfile.ZipFile('/tmp/library.zip', 'w') as target:
    for entry in sources.infolist():
        content, name = sources.read(entry), entry.filename
        if name.endswith('.py'):
            code = compile(content, f'{library}/{name}', 'exec', dont_inherit=True, optimize=0)
            content = importlib._bootstrap_external._code_to_hash_pyc(code, bytes(8), False)
            name += 'c'
        info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
        target.writestr(info, content, zipfile.ZIP_DEFLATED)
`;
