import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ImportGuard } from '../../../src/pythonRunner/importGuard.ts';
import { ruleOf } from '../../../src/pythonRunner/importPolicy.ts';

const wasm = createRequire(import.meta.url).resolve('pyodide/pyodide.asm.wasm');

describe('imports of the interpreter', () => {
  let names: string[];
  before(async () => {
    const module = await WebAssembly.compile(readFileSync(wasm));
    names = WebAssembly.Module.imports(module)
      .filter(({ kind }) => kind === 'function')
      .map(({ name }) => name);
  });

  it('are closed where they lead to JavaScript, to code in strings or in files', () => {
    const bridge = names.filter((name) =>
      /^(Js|jslib|js2python|python2js|_python2js|pyproxy|hiwire|ffi_|create_|emscripten_asm)/.test(
        name,
      ),
    );
    assert(bridge.length > 100);
    assert.deepEqual(
      bridge.filter((name) => ruleOf(name) !== 'forbidden'),
      [],
    );
  });

  it('answer with a failure where they lead to the network or to programs', () => {
    const outward =
      /socket|connect|send|recv|listen|bind|accept|addrinfo|nameinfo|system$|_dlopen_js|pipe/;
    const answers = names
      .filter((name) => name.startsWith('__syscall') && outward.test(name))
      .map(ruleOf);
    assert(answers.length >= 10);
    for (const rule of [...answers, ruleOf('_emscripten_system'), ruleOf('_dlopen_js')]) {
      assert(typeof rule === 'object' && (rule.answer ?? 0) <= 0);
    }
  });

  it('are open for memory, clocks and files in memory only', () => {
    const open = names.filter((name) => ruleOf(name) === 'open');
    const harmless =
      /^(fd_|clock_|random_get|environ_|_[a-z]+_js$|emscripten_(get|date|resize)|__syscall_|_try_fcntl64|_PyEM|_Py_Check|__call_sighandler|_emscripten_get_progname)/;
    assert.deepEqual(
      open.filter((name) => !harmless.test(name)),
      [],
    );
  });

  it('are closed where nobody knows them', () => {
    assert.equal(ruleOf('something_new'), 'forbidden');
    assert.equal(ruleOf('emscripten_console_log'), 'forbidden');
    assert.equal(ruleOf('emscripten_run_script'), 'forbidden');
    assert.equal(ruleOf('constructor'), 'forbidden');
  });

  it('pass until they are closed, in place, and keep what emscripten notes at them', () => {
    const told: string[] = [];
    const guard = new ImportGuard({
      forbidden: (name) => {
        throw new Error(`forbidden ${name}`);
      },
      ended: (name) => {
        throw new Error(`ended ${name}`);
      },
    });
    const run = (name: string) => Object.assign(() => told.push(name), { sig: 'v' });
    const imports: Record<string, () => unknown> = {
      JsProxy_GetAttr_js: run('bridge'),
      fd_write: run('write'),
      exit: run('exit'),
      _emscripten_system: run('system'),
    };
    const before = { ...imports };
    guard.install(imports);
    for (const call of Object.values(imports)) call();
    assert.deepEqual(told.splice(0), ['bridge', 'write', 'exit', 'system']);
    assert.equal(imports.fd_write, before.fd_write);
    assert.equal(Reflect.get(imports.exit!, 'sig'), 'v');

    guard.close();
    assert.throws(() => imports.JsProxy_GetAttr_js!(), /forbidden JsProxy_GetAttr_js/);
    assert.throws(() => imports.exit!(), /ended exit/);
    assert.equal(imports._emscripten_system!(), -52);
    imports.fd_write!();
    assert.deepEqual(told, ['write']);
  });
});
