import assert from 'node:assert/strict';
import { childEnvironment } from '../../../src/serverLink/childEnvironment.ts';

describe('childEnvironment', () => {
  it("leaves out VS Code's and Electron's own variables, and nothing else", () => {
    const env = {
      PATH: '/bin',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      vscode_ipc: 'x',
      MY_VSCODE_X: 'kept',
      GONE: undefined,
    };
    assert.deepEqual(childEnvironment(env), { PATH: '/bin', MY_VSCODE_X: 'kept' });
  });

  it('takes any name as it is', () => {
    const env = JSON.parse('{"__proto__": "a", "constructor": "b"}');
    assert.deepEqual(Object.keys(childEnvironment(env)).sort(), ['__proto__', 'constructor']);
  });
});
