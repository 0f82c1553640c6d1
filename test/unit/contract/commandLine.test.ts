import assert from 'node:assert/strict';
import fc from 'fast-check';
import { joinCommandLine, splitCommandLine } from '../../../src/contract/commandLine.ts';

describe('a command line', () => {
  it('is split as a shell does', () => {
    assert.deepEqual(splitCommandLine(`a  "b c" 'd "e' f\\ g ""`), ['a', 'b c', 'd "e', 'f g', '']);
    assert.deepEqual(splitCommandLine('  '), []);
    assert.deepEqual(splitCommandLine(`--x="y z"`), ['--x=y z']);
  });

  it('keeps the backslashes of Windows paths', () => {
    assert.deepEqual(splitCommandLine(String.raw`C:\tools\run.exe "C:\My Files\x"`), [
      String.raw`C:\tools\run.exe`,
      String.raw`C:\My Files\x`,
    ]);
  });

  it('is refused with an open quote', () => {
    assert.throws(() => splitCommandLine('a "b'), /not closed/);
  });

  it('joined from words splits into the same words', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '-', '/', '$', 'é', '\t') });
    fc.assert(
      fc.property(fc.array(text), (words) => {
        assert.deepEqual(splitCommandLine(joinCommandLine(words)), words);
      }),
    );
  });
});
