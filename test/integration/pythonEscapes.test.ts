import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { JsonObject } from '../../src/contract/json.ts';
import { LineLog } from '../../src/server/log.ts';
import { createPythonTools, type PythonTools } from '../../src/server/tools/python/pythonTools.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { repository } from '../support/paths.ts';

/** Tries each function of `attempts` and returns what each gives, exceptions as text. */
const tryAll = `
def tried(*attempts):
    out = []
    for attempt in attempts:
        try:
            out.append('got ' + repr(attempt())[:200])
        except Exception as error:
            out.append(type(error).__name__)
    return out
`;

/** Takes our refusal of modules out of the way, as an attacker would. */
const reopen = `
import sys
def reopen():
    sys.meta_path[:] = [f for f in sys.meta_path if 'Refusal' not in repr(f)]
`;

/** All objects that can be reached from what the garbage collector knows. */
const reachable = `
import gc
def reachable(wanted):
    gc.unfreeze()
    seen, found, waiting = set(), [], list(gc.get_objects())
    while waiting:
        one = waiting.pop()
        if id(one) in seen: continue
        seen.add(id(one))
        if wanted(one): found.append(one)
        waiting += gc.get_referents(one)
    return found
def proxies():
    return reachable(lambda o: type(o).__module__ == 'pyodide.ffi' and type(o).__name__.startswith('Js'))
`;

/** Pyodide's own check of an object's type may print that type before. */
const stopped =
  /^error: The tool tried to leave the Python sandbox and was stopped\.( It had printed:\nobject)?$/;

describe('Python tools that try to get out', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let tools: PythonTools;
  let folder: string;
  let port: number;
  const connections: unknown[] = [];

  before(async () => {
    folder = await makeTempDir(cleanup);
    await writeFile(join(folder, 'secrets.json'), 'the secret');
    process.env.VMCP_TEST_SECRET = 'the secret';
    cleanup.add(() => Reflect.deleteProperty(process.env, 'VMCP_TEST_SECRET'));
    const server = createServer((socket) => {
      connections.push(socket);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    tools = createPythonTools({
      program: join(repository, 'dist/pythonRunner.js'),
      pyodideFolder: join(repository, 'dist/pyodide'),
      log: new LineLog('error', () => {}),
      reaper: { add: () => {}, remove: () => {} },
      cores: 2,
      callLimitMs: 10_000,
    });
    cleanup.add(() => tools.close());
  });

  const text = async (code: string, args: JsonObject = {}) => {
    const request = { code, arguments: args };
    const { result } = await tools.run('vmcp_1', request, AbortSignal.timeout(30_000));
    const [block] = result.content as { text: string }[];
    return `${result.isError ? 'error: ' : ''}${block?.text}`;
  };
  const list = async (code: string, args: JsonObject = {}): Promise<string[]> =>
    JSON.parse(await text(tryAll + code, args));
  const nothingGot = (outcomes: string[]) => {
    assert(outcomes.length > 0);
    assert.deepEqual(
      outcomes.filter((outcome) => outcome.startsWith('got')),
      [],
    );
  };
  afterEach(async () => {
    assert.equal(await text('def main(): return "well"'), 'well');
    assert.deepEqual(connections, []);
  });

  it('find no files of the host', async () => {
    const code = `
import os, glob, pathlib, shutil
def main(folder: str, module: str):
    secret = folder + '/secrets.json'
    return tried(
        lambda: open('/etc/passwd').read(), lambda: open(secret).read(), lambda: os.listdir(folder),
        lambda: pathlib.Path(secret).read_text(), lambda: open('/proc/self/environ').read(),
        lambda: open('/proc/self/cmdline').read(), lambda: open(module).read(),
        lambda: open('../../../../../etc/passwd').read(), lambda: shutil.copy(secret, '/tmp/x'),
        lambda: os.symlink('/etc/passwd', '/tmp/link') or open('/tmp/link').read(),
        lambda: open('C:/Windows/win.ini').read(), lambda: [][0 if glob.glob('/etc/*') else 1],
    )`;
    nothingGot(await list(code, { folder, module: join(repository, 'package.json') }));
    assert.equal(
      await text('import os\ndef main(): return sorted(os.listdir("/"))'),
      '["dev","home","lib","proc","tmp"]',
    );
  });

  it('write no files of the host', async () => {
    const code = `
import os
def main(folder: str):
    os.makedirs(folder, exist_ok=True)
    open(folder + '/written', 'w').write('x')
    return 'written'`;
    assert.equal(await text(code, { folder }), 'written');
    assert.equal(existsSync(join(folder, 'written')), false);
  });

  it('see nothing of the environment', async () => {
    const code = `
import os, sys, platform, getpass, socket
def main():
    return repr([dict(os.environ), sys.argv, sys.executable, sys.path, platform.uname(), os.getcwd(),
        os.getuid(), os.getpid(), socket.gethostname(), __file__])`;
    const seen = await text(code);
    assert(!seen.includes('the secret'));
    assert(!seen.includes(repository));
    assert(!seen.includes(String(process.pid)));
    assert(!/node\.js|nodejs|vmcp_1|vmcp-test/i.test(seen), seen);
  });

  it('have no network', async () => {
    const code = `
import asyncio, ftplib, http.client, socket, ssl, smtplib, urllib.request, xmlrpc.client
def main(port: int):
    host = '127.0.0.1'
    def listen():
        s = socket.socket(); s.bind((host, 0)); s.listen()
    return tried(
        lambda: socket.socket().connect((host, port)), lambda: socket.create_connection((host, port)),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', (host, port)), listen,
        lambda: socket.socketpair(), lambda: socket.getaddrinfo('localhost', port),
        lambda: urllib.request.urlopen(f'http://{host}:{port}/').read(),
        lambda: http.client.HTTPConnection(host, port).request('GET', '/'),
        lambda: asyncio.run(asyncio.open_connection(host, port)),
        lambda: asyncio.run(asyncio.start_server(print, host, 0)),
        lambda: ssl.get_server_certificate((host, port)), lambda: smtplib.SMTP(host, port),
        lambda: ftplib.FTP().connect(host, port), lambda: socket.gethostbyname('example.com'),
        lambda: xmlrpc.client.ServerProxy(f'http://{host}:{port}').x(),
    )`;
    nothingGot(await list(code, { port }));
  });

  it('start no programs', async () => {
    const code = `
import asyncio, multiprocessing, os, pty, subprocess, concurrent.futures
def main(file: str):
    command = ['touch', file]
    return tried(
        lambda: subprocess.run(command), lambda: subprocess.Popen(' '.join(command), shell=True),
        lambda: subprocess.check_output(command), lambda: os.popen('touch ' + file).read(),
        lambda: os.execv('/usr/bin/touch', command), lambda: os.fork(), lambda: pty.spawn(command),
        lambda: os.spawnv(os.P_WAIT, '/usr/bin/touch', command),
        lambda: os.posix_spawn('/usr/bin/touch', command, {}),
        lambda: asyncio.run(asyncio.create_subprocess_exec(*command)),
        lambda: multiprocessing.Process(target=print).start(),
        lambda: concurrent.futures.ThreadPoolExecutor().submit(print),
    ) + ['got a status' if os.system('touch ' + file) == 0 else 'failed']`;
    const file = join(folder, 'touched');
    nothingGot(await list(code, { file }));
    assert.equal(existsSync(file), false);
  });

  it('send no signals', async () => {
    const code = `
import os, signal
def main(pid: int):
    return tried(lambda: os.kill(pid, 9), lambda: os.kill(1, 0), lambda: os.killpg(pid, 9))`;
    nothingGot(await list(code, { pid: process.pid }));
  });

  it('cannot import the way to JavaScript, packages or raw memory', async () => {
    const names = ['js', 'pyodide', 'pyodide_js', 'pyodide.ffi', 'pyodide.code', 'pyodide.http'];
    names.push('_pyodide', '_pyodide_core', '_pyodide._base', 'ctypes', '_ctypes', 'micropip');
    names.push('numpy', 'requests', 'js.document', 'pyodide_js._api');
    const code = `
import importlib
def main(names: list[str]):
    return tried(*[lambda name=name: importlib.import_module(name) for name in names],
        *[lambda name=name: __import__(name) for name in names])`;
    const outcomes = await list(code, { names });
    assert.deepEqual(outcomes, Array(names.length * 2).fill('ModuleNotFoundError'));
    assert.match(
      await text('import js\ndef main(): pass'),
      /'js' is not available: Python tools have no access to JavaScript/,
    );
  });

  it('find nothing in the built-in module of the bridge when they get it back', async () => {
    const code = `
import _imp, importlib.machinery, importlib.util
def main():
    spec = importlib.machinery.BuiltinImporter.find_spec('_pyodide_core')
    module = _imp.create_builtin(spec)
    _imp.exec_builtin(module)
    reopen()
    import _pyodide_core
    return [name for name in {*dir(module), *dir(_pyodide_core)} if not name.startswith('__')]`;
    assert.equal(await text(reopen + code), '[]');
  });

  it('cannot load pyodide once more', async () => {
    const modules = ['pyodide', 'pyodide.ffi', 'pyodide.code', 'pyodide.webloop', 'pyodide.http'];
    const code = `
import importlib
def main(modules: list[str]):
    reopen()
    return tried(*[lambda name=name: importlib.import_module(name).open_url for name in modules])`;
    nothingGot(await list(reopen + code, { modules }));
  });

  it('have no files to ask for packages', async () => {
    const code = `
def main():
    reopen()
    import pyodide_js
    return pyodide_js.loadPackage('micropip')`;
    assert.match(await text(reopen + code), /ModuleNotFoundError/);
  });

  const uses: Record<string, string> = {
    '.constructor': 'o.constructor',
    '.constructor.constructor':
      "getattr(getattr(o, 'constructor'), 'constructor')('return process')()",
    'call of it': 'o()',
    new: 'o.new()',
    'items of it': "o['process']",
    'names in it': 'dir(o)',
    'text of it': 'repr(o)',
    assignment: "setattr(o, 'x', 1)",
    iteration: 'list(o)',
    comparison: 'o == o.x',
    'truth of it': 'bool(o)',
    'length of it': 'len(o)',
    conversion: 'o.to_py()',
    'js_id and typeof': 'print(o.typeof)',
    'a promise of it': 'o.then(print)',
    awaiting: 'o.__await__()',
    'the unbound way': "type(o).__getattribute__(o, 'constructor')",
    object_entries: 'o.object_entries()',
    equality: 'o == 1',
    pickling: "__import__('pickle').dumps(o)",
    copying: "__import__('copy').deepcopy(o)",
  };
  for (const [title, use] of Object.entries(uses)) {
    it(`get nothing out of any object of JavaScript that is left: ${title}`, async () => {
      const code = `
def main():
    out = []
    for o in proxies():
        try:
            out.append('got ' + repr(type(${use})))
        except Exception as error:
            out.append(type(error).__name__)
    return out`;
      const outcome = await text(reachable + code);
      if (stopped.test(outcome)) return;
      assert(!outcome.startsWith('error'), outcome);
      const got: string[] = JSON.parse(outcome).filter((one: string) => one.startsWith('got'));
      // Python's own views of the object are no way out; a value of JavaScript would be.
      const harmless =
        /^got "?<class '(str|int|bool|dict|list|NoneType|NotImplementedType|float)'>/;
      assert.deepEqual(
        got.filter((one) => !harmless.test(one)),
        [],
      );
    });
  }

  it('get nothing out of the functions of the bridge that are left', async () => {
    const count = Number(
      await text(`${reachable}
def main():
    return len(reachable(lambda o: type(o) is type(len) and o.__module__ == '_pyodide_core'))`),
    );
    assert(count > 5);
    for (let at = 0; at < count; at += 1) {
      const outcome = await text(
        `${reachable}
def main(at: int):
    functions = reachable(lambda o: type(o) is type(len) and o.__module__ == '_pyodide_core')
    function = sorted(functions, key=lambda f: f.__name__)[at]
    results = []
    for arguments in ((), (1,), ('a',), ({},), (print,), (None, None), (print, print), ([], 1, 2)):
        try:
            results.append(type(function(*arguments)))
        except Exception as error:
            pass
    return [cls.__name__ for cls in results if cls.__module__ == 'pyodide.ffi']`,
        { at },
      );
      assert.match(outcome, /^\[\]$|^error: The (tool|Python interpreter) /);
    }
  });

  it('make no objects of the types of the bridge', async () => {
    const code = `
def main():
    types = reachable(lambda o: isinstance(o, type) and o.__module__ in ('pyodide.ffi', '_pyodide_core')
        and o.__name__.startswith('JsProxy'))
    out = []
    for cls in types:
        for make in (lambda: cls(), lambda: cls.__new__(cls), lambda: object.__new__(cls),
                     lambda: type('Sub', (cls,), {})()):
            try:
                out.append(make().constructor)
            except Exception:
                pass
    return [len(types) > 0, repr(out)]`;
    assert.match(
      await text(reachable + code),
      /^\[true,"\[\]"\]$|^error: The (tool|Python interp)/,
    );
  });

  it('call no functions by address', async () => {
    const codes = [
      'import ctypes\n    return ctypes.CFUNCTYPE(ctypes.c_int)(1)()',
      'import ctypes\n    return ctypes.pythonapi.Py_GetVersion()',
      'import ctypes\n    return ctypes.CDLL(None).system(b"id")',
      'import _ctypes\n    return _ctypes.dlopen(None, 0)',
    ];
    for (const code of codes) {
      const outcome = await text(`${reopen}\ndef main():\n    reopen()\n    ${code}`);
      assert.match(outcome, /^error/);
      assert.match(outcome, /sandbox|OSError|ImportError|AttributeError|ended/);
    }
  });

  it('load no machine code from files', async () => {
    const code = `
import _imp, importlib.machinery as machinery
def main():
    open('/tmp/x.so', 'wb').write(b'\\0asm\\1\\0\\0\\0')
    loader = machinery.ExtensionFileLoader('x', '/tmp/x.so')
    return tried(lambda: _imp.create_dynamic(machinery.ModuleSpec('x', loader, origin='/tmp/x.so')))`;
    nothingGot(await list(code));
  });

  it('write nothing to and read nothing from the pipes of their process', async () => {
    const code = `
import os, sys
def main():
    for path in ('/dev/tty', '/dev/tty1', '/dev/stdout', '/dev/stderr', '/proc/self/fd/1', '/dev/fd/1'):
        for flags in (os.O_WRONLY, os.O_RDWR):
            try:
                os.write(os.open(path, flags), b'\\x02\\0\\0\\0\\0\\0\\0\\0{}')
            except OSError:
                pass
    for number in range(40):
        try:
            os.write(number, b'\\x02\\0\\0\\0\\0\\0\\0\\0{}')
        except OSError:
            pass
        try:
            os.set_blocking(number, False); os.read(number, 1)
        except (OSError, AttributeError):
            pass
    sys.__stdout__.buffer.raw.write(b'{}')
    return 'untouched'`;
    assert.equal(await text(code), 'untouched');
  });

  it('forge no results but those of their own vMCP', async () => {
    const inside = `import gc
def find(name):
  gc.unfreeze()
  return [f for f in gc.get_objects() if type(f) is type(find) and f.__module__ == name]
`;
    const forgeries = [
      'import json\njson.dumps = json.loads = None\njson.JSONEncoder.encode = None',
      'import sys\nsys.modules.clear()',
      'import builtins\nbuiltins.BaseException = int\nbuiltins.isinstance = None',
      `${inside}for f in find('vmcp_runner.serve'): f.__code__ = find.__code__`,
      `${inside}for f in find('vmcp_runner.serve'): f.__globals__['answer'] = lambda r: ({'kind': 'odd'}, b'')`,
      `${inside}for f in find('vmcp_runner.state'): f.__globals__['restore'] = lambda: 1 / 0`,
      `${inside}for f in find('vmcp_runner.results'): f.__globals__['encode'] = lambda *a: ({'kind': 'text', 'wrapped': False}, b'forged')`,
    ];
    for (const forgery of forgeries) {
      const outcome = await text(`${forgery}\ndef main(): return 1`);
      assert.match(outcome, /^(1$|forged$|error: )/, forgery);
      const other = { code: 'def main(): return "genuine"', arguments: {} };
      const { result } = await tools.run('vmcp_2', other, AbortSignal.timeout(30_000));
      assert.deepEqual(result.content, [{ type: 'text', text: 'genuine' }]);
      tools.release('vmcp_1');
    }
  });

  it('do not break calls of other tools by changing libraries that are used to answer', async () => {
    await text(`import json, traceback, base64
json.dumps = json.loads = traceback.format_exc = base64.b64encode = None
def main(): return 1`);
    assert.equal(await text('def main(a: dict) -> dict: return a', { a: { b: 1 } }), '{"b":1}');
    tools.release('vmcp_1');
  });

  it('leave no hooks behind that run in later calls', async () => {
    const code = `
import sys, gc, signal
def hook(*a): raise SystemExit('hooked')
sys.settrace(hook); sys.setprofile(hook); sys.unraisablehook = hook; sys.excepthook = hook
sys.meta_path.insert(0, type('F', (), {'find_spec': staticmethod(hook)}))
sys.path.insert(0, '/tmp')
open('/tmp/colorsys.py', 'w').write('raise SystemExit("shadowed")')
def main(): return 1`;
    await text(code);
    assert.equal(await text('import colorsys\ndef main(): return 1'), '1');
  });

  it('crash nothing but their own process', async () => {
    const codes = [
      'import faulthandler\ndef main(): faulthandler._sigsegv()',
      "def f(): pass\nf.__code__ = f.__code__.replace(co_code=b'\\xff' * 50)\ndef main(): f()",
      "import sys\ndef main():\n  sys.setrecursionlimit(10**8)\n  exec('(' * 90 + ')' * 90)\n  f = lambda: None\n  for i in range(10**6): f = type('A', (), {'__call__': f})()\n  f()",
    ];
    for (const code of codes) assert.match(await text(code), /^error/);
  });

  it('confuse no names of files with members of objects', async () => {
    const code = `
import os
def main():
    os.chdir('/tmp')
    for name in ('__proto__', 'constructor', 'toString', 'prototype', 'hasOwnProperty'):
        os.mkdir(name)
        open(name + '/mount', 'w').write('x')
        os.rename(name, name + '_')
    os.symlink('/tmp', '__proto__')
    return sorted(os.listdir('constructor_'))`;
    assert.equal(await text(code), '["mount"]');
  });
});
