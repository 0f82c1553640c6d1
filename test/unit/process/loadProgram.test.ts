import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadProgram } from '../../../src/server/process/loadProgram.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';

describe('loadProgram', () => {
  const cleanup = useCleanup();
  let file: string;
  let kept: string;

  beforeEach(async () => {
    const folder = await makeTempDir(cleanup);
    file = join(folder, 'program.js');
    kept = join(folder, 'compiled.bin');
  });

  const write = (answer: number) =>
    writeFile(
      file,
      `#!/usr/bin/env node\nexports.answer = () => ${answer};\n` +
        `exports.folder = __dirname;\nexports.join = require('node:path').join;\n`,
    );
  const load = () =>
    loadProgram<{ answer(): number; folder: string; join: typeof join }>(file, kept);

  it('runs the program as require does, and keeps what was compiled', async () => {
    await write(1);
    const first = load();
    assert.equal(first.exports.answer(), 1);
    assert.equal(first.exports.join(first.exports.folder, 'program.js'), file);
    await first.keepCompiled();
    const { mtimeMs } = await stat(kept);

    const second = load();
    assert.equal(second.exports.answer(), 1);
    await second.keepCompiled();
    assert.equal((await stat(kept)).mtimeMs, mtimeMs, 'it was taken, and not written again');
  });

  it('compiles another text of the same length anew', async () => {
    await write(1);
    await load().keepCompiled();
    await write(2);
    const changed = load();
    assert.equal(changed.exports.answer(), 2);
    const before = await readFile(kept);
    await changed.keepCompiled();
    assert.notDeepEqual(await readFile(kept), before);
    assert.equal(load().exports.answer(), 2);
  });

  it('does without a kept file that is cut off, changed or empty', async () => {
    await write(1);
    await load().keepCompiled();
    const whole = await readFile(kept);
    const changed = Buffer.from(whole);
    changed[whole.length - 9] = (changed[whole.length - 9] ?? 0) ^ 1;
    for (const damaged of [whole.subarray(0, 100), changed, Buffer.alloc(0)]) {
      await writeFile(kept, damaged);
      const program = load();
      assert.equal(program.exports.answer(), 1);
      await program.keepCompiled();
      assert.notDeepEqual(await readFile(kept), damaged, 'a good one takes its place');
    }
  });
});
