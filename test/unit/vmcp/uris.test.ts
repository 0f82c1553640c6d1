import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { NameClaim } from '../../../src/server/store/records.ts';
import { originOf } from '../../../src/server/vmcp/naming/claimLedger.ts';
import {
  assignUris,
  isTagOf,
  parseRewritten,
  rewriteUri,
  serverTag,
  type UriWish,
} from '../../../src/server/vmcp/naming/uris.ts';
import { startOfTime } from './builders.ts';

function wish(server: string, uri: string): UriWish {
  const id = `server_${server}`;
  return { origin: originOf(id, uri), tag: serverTag(id, server), uri };
}

function assign(wishes: UriWish[], claims: NameClaim[] = []) {
  const result = assignUris(wishes, claims, startOfTime);
  return { ...result, uris: wishes.map(({ origin }) => result.listed.get(origin) ?? '') };
}

describe('URIs of resources', () => {
  it('stay as they are unless contested', () => {
    assert.deepEqual(assign([wish('a', 'file:///x'), wish('b', 'file:///y')]).uris, [
      'file:///x',
      'file:///y',
    ]);
  });

  it('get another scheme where another server was first, and keep it', () => {
    const [a, b] = [wish('a', 'file:///x?q#f'), wish('My Docs', 'file:///x?q#f')];
    const before = assign([a, b]);
    assert.equal(before.uris[0], 'file:///x?q#f');
    assert.match(before.uris[1] ?? '', /^vmcp\+my-docs\.[0-9a-f]{10}\+file:\/\/\/x\?q#f$/);
    assert.deepEqual(assign([b, a], before.claims).uris.toReversed(), before.uris);
    assert.deepEqual(assign([b], before.claims).uris, [before.uris[1]]);
  });

  it('keep authority, path, query and fragment where clients look for them', () => {
    const rewritten = new URL(rewriteUri(serverTag('server_1', 'docs'), 'https://h:1/p/q?x=1#f'));
    assert.equal(rewritten.host, 'h:1');
    assert.deepEqual(
      [rewritten.pathname, rewritten.search, rewritten.hash],
      ['/p/q', '?x=1', '#f'],
    );
  });

  it('are valid and reversible when rewritten', async () => {
    await fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9 _-]{1,64}$/),
        fc.oneof(fc.webUrl({ withFragments: true }), fc.constantFrom('a:b', 'x', 'urn:isbn:1')),
        (name, uri) => {
          const rewritten = rewriteUri(serverTag('server_1', name), uri);
          assert.equal(URL.canParse(rewritten), true, rewritten);
          const parsed = parseRewritten(rewritten);
          assert.equal(parsed?.uri, uri);
          assert.equal(isTagOf(parsed?.tag ?? '', 'server_1'), true);
          assert.equal(isTagOf(parsed?.tag ?? '', 'server_2'), false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are distinct, also when a server lists what looks like a rewritten one', () => {
    const spoof = rewriteUri(serverTag('server_b', 'b'), 'x:1');
    const { uris } = assign([wish('c', spoof), wish('a', 'x:1'), wish('b', 'x:1')]);
    assert.equal(new Set(uris).size, 3);
    assert.deepEqual(parseRewritten(uris[2] ?? ''), {
      tag: serverTag('server_b', 'b'),
      uri: 'x:1',
    });
  });

  it('stay with their origin through any sequence of lists', async () => {
    const pick = fc.record({
      server: fc.constantFrom('a', 'b', 'c'),
      uri: fc.constantFrom('x:1', 'x:2', 'file:///{+p}', 'file:///a'),
    });
    const state = fc.uniqueArray(pick, { selector: ({ server, uri }) => server + uri });
    await fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (states) => {
        const told = new Map<string, string>();
        let claims: NameClaim[] = [];
        for (const picks of states) {
          const result = assign(
            picks.map(({ server, uri }) => wish(server, uri)),
            claims,
          );
          claims = result.claims;
          assert.equal(new Set(result.listed.values()).size, picks.length);
          for (const [origin, listed] of result.listed) {
            assert.equal(told.get(listed) ?? origin, origin);
            told.set(listed, origin);
          }
        }
      }),
    );
  });
});
