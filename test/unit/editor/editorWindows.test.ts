import assert from 'node:assert/strict';
import { EditorWindows } from '../../../src/server/editor/editorWindows.ts';

describe('windows that can be asked', () => {
  const make = () => ({ send: () => undefined });
  const folders = [{ uri: 'file:///a', name: 'a' }];

  it('are asked in the order in which the user was in them', () => {
    const windows = new EditorWindows();
    const [first, second, third] = [make(), make(), make()];
    assert.equal(windows.front, undefined);
    windows.take(first, [], true);
    windows.take(second, [], false);
    assert.equal(windows.front, first); // what opens behind does not count as used
    windows.take(third, [], true);
    assert.equal(windows.front, third);
    windows.focused(second);
    assert.equal(windows.front, second);
    windows.take(second, folders, false); // its lease is renewed
    assert.equal(windows.front, second);
    windows.release(second);
    assert.equal(windows.front, third);
  });

  it('are the newest one where the user was in none', () => {
    const windows = new EditorWindows();
    const [first, second] = [make(), make()];
    windows.take(first, folders, false);
    windows.take(second, [], false);
    assert.equal(windows.front, second);
    assert.equal(windows.frontWithFolders, first);
  });

  it('tell when one is gone, and when folders change', () => {
    const windows = new EditorWindows();
    const window = make();
    let changes = 0;
    const gone: unknown[] = [];
    windows.onFoldersChanged(() => {
      changes += 1;
    });
    windows.onGone((which) => gone.push(which));
    windows.take(window, folders, false);
    windows.take(window, folders, true);
    assert.equal(changes, 1);
    windows.release(window);
    windows.release(window);
    assert.equal(changes, 2);
    assert.deepEqual(gone, [window]);
  });
});
