import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { JsonObject } from '../../src/contract/json.ts';
import { LineLog } from '../../src/server/log.ts';
import {
  createPythonTools,
  type PythonTools,
  type PythonToolsOptions,
} from '../../src/server/tools/python/pythonTools.ts';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { repository } from '../support/paths.ts';

const signal = () => AbortSignal.timeout(60_000);
const endless = 'def main():\n    while True: pass';

describe('Python tools', function () {
  this.timeout(60_000);
  const cleanup = useCleanup();

  /** The processes that run, by pid. */
  const open = (options: Partial<PythonToolsOptions> = {}, owner = cleanup) => {
    const running = new Set<number>();
    const tools = createPythonTools({
      program: join(repository, 'dist/pythonRunner.js'),
      pyodideFolder: join(repository, 'dist/pyodide'),
      log: new LineLog('error', () => {}),
      reaper: { add: (pid) => running.add(pid), remove: (pid) => running.delete(pid) },
      cores: 2,
      ...options,
    });
    owner.add(() => tools.close());
    return { tools, running };
  };
  const text = async (
    tools: PythonTools,
    code: string,
    vmcpId = 'vmcp_1',
    args: JsonObject = {},
  ) => {
    const { result } = await tools.run(vmcpId, { code, arguments: args }, signal());
    const [block] = result.content as { text: string }[];
    return result.isError ? `error: ${block?.text}` : block?.text;
  };
  const alive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('start no process before one is used, then one and a spare', async () => {
    const { tools, running } = open();
    assert.equal(running.size, 0);
    const startedAt = performance.now();
    assert.equal(await text(tools, 'def main(): return "hi"'), 'hi');
    assert(performance.now() - startedAt < 15_000);
    assert.equal(running.size, 1);
    await eventually(() => running.size === 2, { what: 'a spare' });
    assert.equal(await text(tools, 'def main(): return "hi"'), 'hi');
    assert.equal(running.size, 2);
  });

  it('leave no process behind when they are closed, busy or not', async () => {
    const { tools, running } = open();
    await text(tools, 'def main(): pass');
    await eventually(() => running.size === 2);
    const pids = [...running];
    const busy = text(tools, endless);
    await tools.close();
    assert.equal(await busy, 'error: The server is stopping.');
    assert.deepEqual(pids.filter(alive), []);
    assert.equal(await text(tools, 'def main(): pass'), 'error: The server is stopping.');
  });

  it('have a time limit, after which the next call has an interpreter at once', async () => {
    const { tools, running } = open({ callLimitMs: 1_000 });
    await text(tools, 'def main(): pass');
    await eventually(() => running.size === 2);
    assert.equal(
      await text(tools, endless),
      'error: The tool did not end within 1 s and was stopped.',
    );
    assert.equal(await text(tools, 'def main(): return "well"'), 'well');
    const asleep = 'import time\ndef main(): time.sleep(60)';
    assert.match((await text(tools, asleep)) ?? '', /did not end within 1 s/);
  });

  it('keep what they printed until they were stopped or ended their interpreter', async () => {
    const { tools } = open({ callLimitMs: 1_000 });
    const run = (code: string) => tools.run('vmcp_1', { code, arguments: {} }, signal());
    await run('def main(): print("before")');
    const stopped = await run(
      'def main():\n    print("one")\n    print("zwei: ä")\n    while True: pass',
    );
    assert.equal(stopped.printed, 'one\nzwei: ä\n');
    assert.deepEqual(stopped.result.content, [
      {
        type: 'text',
        text: 'The tool did not end within 1 s and was stopped. It had printed:\none\nzwei: ä',
      },
    ]);
    const flood = await run('def main():\n    while True: print("x" * 10)');
    assert(flood.printed.length > 60_000 && flood.printed.length <= 65_536);
    assert(JSON.stringify(flood.result.content).length < 3_000);
    const ended = await run('import os\ndef main():\n    print("last words")\n    os._exit(1)');
    assert.equal(ended.printed, 'last words\n');
    assert.equal((await run('def main(): print("well")')).printed, 'well\n');
  });

  it('end at once when they are cancelled, running or waiting', async () => {
    const { tools, running } = open({ cores: 1 });
    await text(tools, 'def main(): pass');
    const cancel = new AbortController();
    const request = { code: endless, arguments: {} };
    const calls = [1, 2].map(() => tools.run('vmcp_1', request, cancel.signal));
    const before = [...running];
    setTimeout(() => cancel.abort(new Error('enough')), 50);
    for (const call of calls) await assert.rejects(call, /enough/);
    await eventually(() => before.some((pid) => !alive(pid)));
    assert.equal(await text(tools, 'def main(): return "well"'), 'well');
    await assert.rejects(tools.run('vmcp_1', request, cancel.signal), /enough/);
    await assert.rejects(tools.describe('vmcp_1', request.code, cancel.signal), /enough/);
  });

  it('wait outside of their limit where too many run, and no vMCP holds up another', async () => {
    const { tools } = open({ cores: 1, callLimitMs: 1_500 });
    await text(tools, 'def main(): pass');
    const order: string[] = [];
    const slow = 'import time\ndef main(): time.sleep(0.6)';
    const call = (vmcpId: string) => text(tools, slow, vmcpId).then(() => order.push(vmcpId));
    // Five calls of 0.6 s one after the other take longer than the limit of one.
    const calls = ['a', 'a', 'a', 'a'].map(call);
    calls.push(call('b'));
    await Promise.all(calls);
    assert(order.indexOf('b') < 4, order.join(' '));
  });

  it('run side by side up to the number of processors, and share one where that is quick', async () => {
    const { tools, running } = open({ cores: 2 });
    await text(tools, 'def main(): pass');
    await Promise.all(Array.from({ length: 20 }, () => text(tools, 'def main(): pass')));
    await eventually(() => running.size >= 2, { what: 'a spare' });
    const slow = 'import time\ndef main(): time.sleep(1)';
    const both = () => Promise.all([1, 2].map(() => text(tools, slow)));
    await both(); // afterwards two interpreters are up
    const startedAt = performance.now();
    await both();
    assert(performance.now() - startedAt < 1_900);
  });

  it('have an interpreter of their own for each vMCP', async () => {
    const { tools } = open();
    const patch = 'import json\njson.dumps = lambda *a, **k: "patched"\ndef main(): return 1';
    const use = 'import json\ndef main(): return json.dumps([1])';
    await text(tools, patch, 'a');
    assert.equal(await text(tools, use, 'b'), '[1]');
    await text(tools, patch, 'a');
    assert.equal(await text(tools, use, 'b'), '[1]');
    const described = await tools.describe('b', 'def main(a: int): pass', signal());
    assert.deepEqual(described.inputSchema.required, ['a']);
  });

  it('begin each call with fresh globals and built-ins', async () => {
    const { tools } = open();
    const count = 'n = globals().get("n", 0) + 1\ndef main(): return n';
    assert.deepEqual([await text(tools, count), await text(tools, count)], ['1', '1']);
    const patch = `
import builtins, os, sys
builtins.len = lambda x: 42
sys.stdout = None
sys.setrecursionlimit(50)
os.environ['LEFT'] = '1'
os.chdir('/tmp')
__builtins__['str'] = int
def main(): return len('a')`;
    assert.equal(await text(tools, patch), '42');
    const look =
      'import os\ndef main():\n  print(1)\n  return [len("a"), str(3), os.environ.get("LEFT"), os.getcwd()]';
    assert.equal(await text(tools, look), '[1,"3",null,"/home/pyodide"]');
  });

  it('end with their vMCP, with the call that runs', async () => {
    const { tools, running } = open();
    await text(tools, 'def main(): pass', 'a');
    const [first] = running;
    const busy = text(tools, 'import time\ndef main():\n  time.sleep(0.5)\n  return "done"', 'a');
    tools.release('a');
    assert.equal(await busy, 'done');
    await eventually(() => first !== undefined && !alive(first));
    await text(tools, 'def main(): pass', 'b');
    const before = new Set(running);
    tools.release('b');
    await eventually(() => [...before].some((pid) => !alive(pid)));
  });

  it('end when nobody uses them', async () => {
    const { tools, running } = open({ idleMs: 500 });
    await text(tools, 'def main(): pass');
    await eventually(() => running.size === 0, { timeoutMs: 15_000, what: 'the end of all' });
    assert.equal(await text(tools, 'def main(): return "again"'), 'again');
  });

  it('survive a process that dies, idle or busy', async () => {
    const { tools, running } = open();
    await text(tools, 'def main(): pass');
    for (const pid of running) process.kill(pid, 'SIGKILL');
    await eventually(() => [...running].every((pid) => !alive(pid)));
    const busy = text(tools, endless);
    const pid = await eventually(() => [...running].find(alive));
    setTimeout(() => process.kill(pid, 'SIGKILL'), 3_000);
    assert.equal(await busy, 'error: The Python interpreter ended unexpectedly (SIGKILL).');
    assert.equal(await text(tools, 'def main(): return "well"'), 'well');
  });

  it('say so when Python cannot be started', async () => {
    const { tools } = open({ pyodideFolder: join(repository, 'dist/nothing') });
    assert.match(
      (await text(tools, 'def main(): pass')) ?? '',
      /^error: Python could not be started/,
    );
    await assert.rejects(tools.describe('a', 'def main(): pass', signal()), /could not be started/);
  });

  it('never block the server', async () => {
    const { tools } = open();
    await text(tools, 'def main(): pass');
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await text(tools, 'def main():\n  x = 0\n  for i in range(3_000_000): x += i\n  return x');
    clearInterval(watch);
    assert(longest < 500, `${longest} ms`);
  });

  describe('that go wrong', () => {
    const shared = useCleanup(after);
    let tools: PythonTools;
    before(() => {
      ({ tools } = open({ callLimitMs: 5_000 }, shared));
    });

    const wrong: Record<string, [code: string, outcome: RegExp]> = {
      'allocate 2 GB at once': [
        'def main(): return len(bytearray(2 * 10**9))',
        /^error: The tool used up its memory/,
      ],
      'allocate 2 GB piece by piece': [
        'def main():\n  x = []\n  while True: x.append(bytearray(1 << 20))',
        /^error: The tool used up its memory/,
      ],
      'write 2 GB into files': [
        'def main():\n  for i in range(2000): open(f"/tmp/{i}", "wb").write(bytes(1 << 20))',
        /No space left on device/,
      ],
      'write far behind the end of a file': [
        'import os\ndef main():\n  fd = os.open("/tmp/x", os.O_RDWR | os.O_CREAT)\n  os.ftruncate(fd, 1 << 40)',
        /No space left on device/,
      ],
      'keep deleted files open': [
        'import os\ndef main():\n  x = []\n  for i in range(2000):\n    x.append(open("/tmp/d", "wb")); x[-1].write(bytes(1 << 20)); x[-1].flush(); os.unlink("/tmp/d")',
        /No space left on device/,
      ],
      'recurse for ever': ['def main(): return main()', /RecursionError/],
      'recurse in C': [
        'def main():\n  x = []\n  for i in range(200_000): x = [x]\n  return x',
        /^error: (The Python interpreter failed|The result is nested too deeply)/,
      ],
      'call sys.exit': [
        'import sys\ndef main(): sys.exit(3)',
        /^error: The tool called sys.exit\(3\)/,
      ],
      'call os._exit': [
        'import os\ndef main(): os._exit(0)',
        /^error: The tool ended the Python interpreter/,
      ],
      'call os.abort': [
        'import os\ndef main(): os.abort()',
        /^error: The tool ended the Python interpreter/,
      ],
      'start a thread': [
        'import threading\ndef main(): threading.Thread(target=print).start()',
        /can't start new thread/,
      ],
      'wait for what never happens': [
        'import asyncio\nasync def main(): await asyncio.Event().wait()',
        /waits for something that can never happen/,
      ],
      'call sys.exit with something odd': [
        'import sys\nclass E:\n  def __repr__(self): raise self\ndef main(): sys.exit(E())',
        /^error: SystemExit \(it cannot be shown/,
      ],
      'raise odd exceptions': [
        'class E(BaseException):\n  def __str__(self): raise self\ndef main(): raise E()',
        /E: <exception str\(\) failed>/,
      ],
      'read standard input': ['def main(): return input()', /EOFError/],
    };
    for (const [title, [code, outcome]] of Object.entries(wrong)) {
      it(`${title}: a clear error, and all is well afterwards`, async () => {
        assert.match((await text(tools, code)) ?? '', outcome);
        assert.equal(await text(tools, 'def main(): return "well"'), 'well');
      });
    }

    it('print without end: what is kept is cut, and nothing is slowed down by the rest', async () => {
      const code = 'def main():\n  for i in range(20_000): print("x" * 1000)\n  return 1';
      const { result, printed } = await tools.run('vmcp_1', { code, arguments: {} }, signal());
      assert.deepEqual(result.structuredContent, { result: 1 });
      assert(printed.length < 66_000);
      assert.match(printed, /… 19954464 more bytes were printed$/);
    });

    it('have finalizers that never end: in the call it is its limit that counts, after it another', async () => {
      const finalizer = 'class A:\n  def __del__(self):\n    while True: pass\n';
      const during = await text(tools, `${finalizer}def main():\n  A()`);
      assert.match(during ?? '', /did not end within 5 s/);
      const after = await text(
        tools,
        `${finalizer}x = A()\nx.x = x\ndef main(): return "returned"`,
      );
      assert.equal(after, 'returned');
      assert.equal(await text(tools, 'def main(): return "well"'), 'well');
    });
  });
});
