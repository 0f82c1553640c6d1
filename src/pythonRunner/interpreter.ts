import { loadPyodide } from 'pyodide';
import createPyodideModule from 'pyodide/pyodide.asm.mjs';
import { limitFiles } from './fileBudget.ts';
import { type GuardHandlers, ImportGuard } from './importGuard.ts';
import type { FileSystem, Pointer, PythonModule } from './pythonModule.ts';
import { pythonSources } from './pythonSources.ts';
import { stripGlobals } from './stripGlobals.ts';

export interface InterpreterOptions extends GuardHandlers {
  /** Where pyodide's `.wasm` and its library are. */
  pyodideFolder: string;
  /** Gets what Python writes to its standard output and error; returns the number of bytes taken. */
  onPrinted: (buffer: Uint8Array) => number;
}

/** Python code has changed the Python part so that it fails. */
export class BrokenInterpreterError extends Error {}

/** What Python's files may hold. */
const mostFileBytes = 64 << 20;
/** WebAssembly's memory never shrinks: an interpreter that once needed more is not kept. */
const keptMemoryBytes = 256 << 20;
const sourceFolder = '/lib/vmcp_runner';

/** A Python interpreter without any way out: requests go in as bytes, replies come out as bytes. */
export class Interpreter {
  private constructor(
    private readonly python: PythonModule,
    private readonly functions: { handle: Pointer; tidy: Pointer },
  ) {}

  /** Starts the interpreter, loads our Python part into it and closes it off from JavaScript. */
  static async open(options: InterpreterOptions): Promise<Interpreter> {
    const guard = new ImportGuard(options);
    const python = await startPython(options, guard);
    python.FS.mkdirTree(sourceFolder);
    for (const [name, source] of pythonSources) {
      python.FS.writeFile(`${sourceFolder}/${name}.py`, source);
    }
    execute(python, 'import sys; sys.path.append("/lib"); import vmcp_runner.start');
    const functions = {
      handle: attribute(python, 'handle'),
      tidy: attribute(python, 'tidy'),
    };
    execute(python, 'vmcp_runner.start.finish()');
    removeTerminals(python.FS);
    limitFiles(python.FS, mostFileBytes);
    guard.close();
    stripGlobals();
    return new Interpreter(python, functions);
  }

  /** One request, while which nothing else happens in this process. @returns a copy of the reply */
  handle(request: Uint8Array): Uint8Array {
    return callWithBytes(this.python, this.functions.handle, request);
  }

  /**
   * What need not be done before the reply is out: dropping the call's objects, with their finalizers.
   * @returns whether the interpreter is fit for another call
   */
  tidy(): boolean {
    const problem = callWithBytes(this.python, this.functions.tidy, new Uint8Array());
    return problem.byteLength === 0 && this.python.HEAPU8.byteLength <= keptMemoryBytes;
  }
}

async function startPython(
  { pyodideFolder, onPrinted }: InterpreterOptions,
  guard: ImportGuard,
): Promise<PythonModule> {
  const pyodide = await loadPyodide({
    indexURL: pyodideFolder,
    _sysExecutable: '/python',
    // What emscripten itself would say, not Python.
    stdout: () => {},
    stderr: () => {},
    createPyodideModule: (settings: ModuleSettings) =>
      createPyodideModule(guarded(settings, guard)),
  } as Parameters<typeof loadPyodide>[0]);
  pyodide.setStdin({ stdin: () => null });
  pyodide.setStdout({ write: onPrinted });
  pyodide.setStderr({ write: onPrinted });
  return (pyodide as unknown as { _module: PythonModule })._module;
}

/** They read and write the process's own standard streams, where the server's requests come from. */
function removeTerminals(files: FileSystem): void {
  for (const path of ['/dev/tty', '/dev/tty1']) files.unlink(path);
}

type InstantiateWasm = (imports: { env: Record<string, unknown> }, receive: unknown) => unknown;

interface ModuleSettings {
  instantiateWasm: InstantiateWasm;
}

function guarded(settings: ModuleSettings, guard: ImportGuard): ModuleSettings {
  const { instantiateWasm } = settings;
  settings.instantiateWasm = (imports, receive) => {
    guard.install(imports.env);
    return instantiateWasm(imports, receive);
  };
  return settings;
}

function execute(python: PythonModule, code: string): void {
  const pointer = python.stringToNewUTF8(code);
  const status = python._PyRun_SimpleString(pointer);
  python._free(pointer);
  if (status !== 0) throw new Error(`The Python part failed at: ${code}`);
}

/** A function of our Python part, held for ever. */
function attribute(python: PythonModule, name: string): Pointer {
  const [moduleName, attributeName] = [
    python.stringToNewUTF8('vmcp_runner.start'),
    python.stringToNewUTF8(name),
  ];
  const pointer = python._PyObject_GetAttrString(
    python._PyImport_AddModule(moduleName),
    attributeName,
  );
  python._free(moduleName);
  python._free(attributeName);
  if (pointer === 0) throw new Error(`The Python part has no ${name}`);
  return pointer;
}

function callWithBytes(python: PythonModule, callable: Pointer, content: Uint8Array): Uint8Array {
  const argument = python._PyBytes_FromStringAndSize(0, content.byteLength);
  if (argument === 0) throw new Error('no memory for the request');
  python.HEAPU8.set(content, python._PyBytes_AsString(argument));
  const result = python._PyObject_CallOneArg(callable, argument);
  python._Py_DecRef(argument);
  if (result === 0) {
    python._PyErr_Print();
    throw new BrokenInterpreterError('the Python part failed');
  }
  const start = python._PyBytes_AsString(result);
  const copy = python.HEAPU8.slice(start, start + python._PyBytes_Size(result));
  python._Py_DecRef(result);
  return copy;
}
