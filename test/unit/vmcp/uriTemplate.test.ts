import assert from 'node:assert/strict';
import { UriTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js';
import * as fc from 'fast-check';
import { matchBudget, UriTemplateMatcher } from '../../../src/server/vmcp/naming/uriTemplate.ts';

function matches(template: string, uri: string): boolean {
  return new UriTemplateMatcher(template).matches(uri, matchBudget());
}

describe('UriTemplateMatcher', () => {
  const yes: [string, string][] = [
    ['file:///{path}', 'file:///a%2Fb'],
    ['file:///{+path}', 'file:///a/b/c?d#e'],
    ['repo://{owner}/{name}/x', 'repo://me/it/x'],
    ['a://{x}-{y}', 'a://1-2-3'],
    ['a://b{?q,limit}', 'a://b'],
    ['a://b{?q,limit}', 'a://b?limit=3&q=%20'],
    ['a://b?x=1{&y}', 'a://b?x=1&y=2'],
    ['a://b{#f}', 'a://b#c/d'],
    ['a://b{/p*}', 'a://b/c/d'],
    ['a://b{.ext}', 'a://b.json'],
    ['a://b{;v}', 'a://b;v=1'],
    ['a://{x:3}', 'a://abc'],
    ['a://b', 'a://b'],
    ['{+all}', 'anything:at/all'],
  ];
  for (const [template, uri] of yes) {
    it(`finds ${uri} in ${template}`, () => assert.equal(matches(template, uri), true));
  }

  const no: [string, string][] = [
    ['file:///{path}', 'file:///a/b'],
    ['file:///{path}', 'file:///'],
    ['repo://{owner}/{name}/x', 'repo://me/it/y'],
    ['a://b{?q}', 'a://b?other=1'],
    ['a://b{/p}', 'a://b/c/d'],
    ['a://b', 'a://bc'],
    ['a://{open', 'a://x'],
    ['A://{x}', 'a://x'],
  ];
  for (const [template, uri] of no) {
    it(`does not find ${uri} in ${template}`, () => assert.equal(matches(template, uri), false));
  }

  it('finds every expansion of a template', async () => {
    const part = fc.constantFrom('/x/', '{a}', '{+b}', '{?a,b}', '{/c}', '.', '{#d}');
    const value = fc.string({ minLength: 1, unit: 'binary-ascii' });
    const values = fc.record({ a: value, b: value, c: value, d: value });
    const property = fc.property(fc.array(part, { maxLength: 6 }), values, (parts, variables) => {
      // A second query expression continues the first in the SDK's expansion.
      fc.pre(parts.filter((p) => p === '{?a,b}').length < 2);
      const template = `s://h${parts.join('')}`;
      assert.equal(matches(template, new UriTemplate(template).expand(variables)), true);
    });
    await fc.assert(property);
  });

  it('gives up in bounded time on templates made to take long', () => {
    const matcher = new UriTemplateMatcher(`a:${'{+x}'.repeat(490)}`);
    const uri = `a:${'a'.repeat(8_000)}`;
    const start = process.cpuUsage();
    const budget = matchBudget();
    for (let n = 0; n < 1_000; n++) matcher.matches(`${uri}!`, budget);
    assert.ok(process.cpuUsage(start).user < 1_000_000);
  });
});
