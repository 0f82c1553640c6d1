import assert from 'node:assert/strict';
import { formOf } from '../../../webview-ui/vmcpEditor/form.ts';
import {
  changeOverride,
  modeOf,
  withArgument,
  withMode,
  withText,
} from '../../../webview-ui/vmcpEditor/overrides.ts';
import { aVmcp } from '../vscode/builders.ts';

describe('the override of a tool', () => {
  it('is left out again when nothing of it is left', () => {
    const form = formOf(aVmcp({}));
    const renamed = changeOverride(form, 's', '__proto__', (o) => withText(o, 'name', 'x'));
    assert.deepEqual(Object.entries(renamed.servers.s?.overrides ?? {}), [
      ['__proto__', { name: 'x' }],
    ]);
    const back = changeOverride(renamed, 's', '__proto__', (o) => withText(o, 'name', ''));
    assert.deepEqual(Object.keys(back.servers.s?.overrides ?? {}), []);
  });

  it('loses its arguments with the last one', () => {
    const one = withArgument({ name: 'x' }, 'a', { value: 1 });
    assert.deepEqual(one, { name: 'x', arguments: { a: { value: 1 } } });
    assert.deepEqual(withArgument(one, 'a', {}), { name: 'x' });
  });
});

describe('an argument', () => {
  it('takes its value along into another mode, and keeps its description', () => {
    const fixed = withMode({ description: 'd' }, 'fixed', 'first');
    assert.deepEqual(fixed, { value: 'first', description: 'd' });
    const filledIn = withMode({ ...fixed, value: 'typed' }, 'default', 'first');
    assert.deepEqual(filledIn, { default: 'typed', description: 'd' });
    assert.deepEqual(withMode(filledIn, 'hidden', ''), { hidden: true, description: 'd' });
    assert.deepEqual(withMode(filledIn, 'open', ''), { description: 'd' });
  });

  it('is in the mode that holds', () => {
    assert.equal(modeOf({}), 'open');
    assert.equal(modeOf({ value: null }), 'fixed');
    assert.equal(modeOf({ hidden: true, value: 1 }), 'fixed');
    assert.equal(modeOf({ hidden: true }), 'hidden');
    assert.equal(modeOf({ default: false }), 'default');
  });
});
