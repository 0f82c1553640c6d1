import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareVersions } from '../../../src/serverLink/versions.ts';

describe('compareVersions', () => {
  it('orders versions as semver does', () => {
    const ordered = [
      '0.9.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.10',
      '1.2.0',
      '10.0.0',
    ];
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries()) {
        assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} and ${b}`);
      }
    }
  });

  it('ignores build metadata', () => {
    assert.equal(compareVersions('1.0.0+a', '1.0.0+b'), 0);
  });

  it('is antisymmetric', () => {
    const part = fc.nat(20);
    const version = fc
      .tuple(part, part, part, fc.constantFrom('', '-1', '-a', '-a.1', '-a-b'))
      .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`);
    fc.assert(
      fc.property(version, version, (a, b) => {
        assert.equal(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
      }),
    );
  });
});
