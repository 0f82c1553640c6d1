import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { NameClaim } from '../../../src/server/store/records.ts';
import { originOf, reservationMs } from '../../../src/server/vmcp/naming/claimLedger.ts';
import { assignNames, type NameWish } from '../../../src/server/vmcp/naming/names.ts';
import { startOfTime } from './builders.ts';

function wish(server: string, name: string, changes: Partial<NameWish> = {}): NameWish {
  return { origin: originOf(`id of ${server}`, name), server, name, plain: false, ...changes };
}

function assign(wishes: NameWish[], claims: NameClaim[] = [], now = startOfTime) {
  const result = assignNames(wishes, claims, now);
  return { ...result, names: wishes.map(({ origin }) => result.listed.get(origin)) };
}

describe('names of tools', () => {
  it('are the server and the tool, made legal', () => {
    assert.deepEqual(assign([wish('git hub', 'issue.create'), wish('x', 'ü')]).names, [
      'git_hub_issue_create',
      'x__',
    ]);
  });

  it('stay apart where joining makes them equal', () => {
    const { names } = assign([
      wish('a_b', 'c'),
      wish('a', 'b_c'),
      wish('My_Server', 'add'),
      wish('MyServer', 'add'),
    ]);
    assert.equal(new Set(names).size, 4);
    assert.equal(names[0], 'a_b_c');
    assert.match(names[1] ?? '', /^a_b_c_[0-9a-f]{8}$/);
    assert.deepEqual(names.slice(2), ['My_Server_add', 'MyServer_add']);
  });

  it('are shortened in favour of the tool', () => {
    const { names } = assign([wish('s'.repeat(64), 'a_tool_with_a_long_name')]);
    assert.match(names[0] ?? '', /^s{13}_a_tool_with_a_long_name_[0-9a-f]{8}$/);
    assert.equal(names[0]?.length, 46);
  });

  it('are plain where nobody contests them, and the first in order keeps the plain one', () => {
    const plain = { plain: true };
    const { names } = assign([wish('a', 'add', plain), wish('b', 'add', plain)]);
    assert.deepEqual(names, ['add', 'b_add']);
  });

  it('hold the name that the user gave in place of the own one', () => {
    assert.deepEqual(assign([wish('a', 'x', { override: 'find' })]).names, ['a_find']);
    assert.deepEqual(assign([wish('a', 'x', { override: 'find', plain: true })]).names, ['find']);
  });

  it('given by the user come before made-up ones, and a second one of them is a conflict', () => {
    const plain = { plain: true };
    const given = { plain: true, override: 'find' };
    const result = assign([wish('a', 'find', plain), wish('b', 'x', given), wish('c', 'y', given)]);
    assert.deepEqual(result.names, ['a_find', 'find', 'c_find']);
    assert.deepEqual(result.conflicts, [
      {
        origin: originOf('id of c', 'y'),
        wanted: 'find',
        holder: originOf('id of b', 'x'),
        freeFrom: undefined,
      },
    ]);
  });

  it('stay when the order turns round and when servers are renamed', () => {
    const [first, second] = [wish('a_b', 'c'), wish('a', 'b_c')];
    const before = assign([first, second]);
    const after = assign([second, { ...first, server: 'other' }], before.claims);
    assert.deepEqual(after.names.toReversed(), before.names);
    assert.equal(after.changed, false);
  });

  it('follow another override, and the former name still leads to the tool', () => {
    const before = assign([wish('a', 'x')]);
    const after = assign([wish('a', 'x', { override: 'y' })], before.claims);
    assert.deepEqual(after.names, ['a_y']);
    assert.equal(after.former.get('a_x'), originOf('id of a', 'x'));
  });

  it('are not given to others for 30 days, and come back to who had them', () => {
    const had = wish('a_b', 'c');
    const wants = wish('a', 'b_c');
    const gone = assign([], assign([had]).claims);
    const soon = startOfTime + reservationMs - 1;
    assert.notEqual(assign([wants], gone.claims, soon).names[0], 'a_b_c');
    assert.equal(assign([had], gone.claims, soon).names[0], 'a_b_c');
    assert.equal(assign([wants], gone.claims, soon + 1).names[0], 'a_b_c');
  });

  it('tell from when on a name can be given out that its holder left', () => {
    const gone = assign([], assign([wish('a', 'find', { plain: true })]).claims);
    const { conflicts } = assign([wish('b', 'x', { plain: true, override: 'find' })], gone.claims);
    assert.equal(conflicts[0]?.freeFrom, new Date(startOfTime + reservationMs).toISOString());
  });
});

// Few names that collide often: by joining, by legalising, by cutting.
const servers = ['a', 'a_b', 'a b', 'A', `${'s'.repeat(60)}1`, `${'s'.repeat(60)}2`];
const tools = [
  'c',
  'b_c',
  'b.c',
  'b/c',
  '__proto__',
  '',
  'constructor',
  't'.repeat(60),
  `${'t'.repeat(60)}u`,
];
const overrides = [undefined, undefined, 'c', 'b_c', 'x'];

/** One state of a vMCP: which tools it has, in which order, under which options. */
const stateArbitrary = fc.record({
  picks: fc.uniqueArray(
    fc.record({
      server: fc.nat(servers.length - 1),
      tool: fc.nat(tools.length - 1),
      override: fc.nat(overrides.length - 1),
    }),
    { selector: ({ server, tool }) => `${server} ${tool}`, maxLength: 20 },
  ),
  plain: fc.boolean(),
  renamed: fc.nat(2),
  days: fc.nat(20),
});
type State = typeof stateArbitrary extends fc.Arbitrary<infer T> ? T : never;

function wishesOf({ picks, plain, renamed }: State): NameWish[] {
  return picks.map(({ server, tool, override }) => {
    const name = tools[tool] ?? '';
    const shown = servers[(server + renamed) % servers.length] ?? '';
    const origin = originOf(`server_${server}`, name);
    return { origin, server: shown, name, plain, override: overrides[override] };
  });
}

describe('names of tools through any sequence of edits', () => {
  it('are legal, short and distinct, and never lead to another origin', async () => {
    await fc.assert(
      fc.property(fc.array(stateArbitrary, { minLength: 1, maxLength: 8 }), (states) => {
        let claims: NameClaim[] = [];
        let now = startOfTime;
        /** What clients were ever told, and until when they may rely on it. */
        const told = new Map<string, { origin: string; until: number }>();
        for (const state of states) {
          now += state.days * 86_400_000;
          const wishes = wishesOf(state);
          const result = assign(wishes, claims, now);
          assert.equal(new Set(result.names).size, wishes.length);
          for (const name of result.names) assert.match(name ?? '', /^[A-Za-z0-9_-]{1,46}$/);
          const resolves = new Map([
            ...result.former,
            ...[...result.listed].map(([o, n]) => [n, o] as const),
          ]);
          for (const [name, { origin, until }] of told) {
            if (now >= until) continue;
            const found = resolves.get(name);
            const present = result.listed.has(origin);
            assert.equal(found, present ? origin : undefined, name);
          }
          for (const name of told.keys()) {
            if (![...result.listed.values()].includes(name)) continue;
            told.delete(name);
          }
          for (const [origin, name] of result.listed) told.set(name, { origin, until: Infinity });
          for (const [name, entry] of told) {
            const held = result.listed.get(entry.origin) === name;
            const until = held ? Infinity : Math.min(entry.until, now + reservationMs);
            told.set(name, { ...entry, until });
          }
          claims = JSON.parse(JSON.stringify(result.claims)) as NameClaim[];
        }
      }),
      { numRuns: 300 },
    );
  });

  it('do not change without an edit, and then nothing has to be written', async () => {
    await fc.assert(
      fc.property(stateArbitrary, stateArbitrary, (first, second) => {
        const before = assign(wishesOf(second), assign(wishesOf(first)).claims);
        const after = assign(wishesOf(second), before.claims);
        assert.deepEqual(after.names, before.names);
        assert.equal(after.changed, false);
        assert.deepEqual(after.claims, before.claims);
      }),
    );
  });

  it('survive changes of order, of server names and of what others do', async () => {
    await fc.assert(
      fc.property(stateArbitrary, stateArbitrary, (first, second) => {
        const before = assign(wishesOf(first));
        const others = wishesOf({ ...second, plain: first.plain });
        const mine = wishesOf({ ...first, renamed: second.renamed });
        const seen = new Set(mine.map(({ origin }) => origin));
        const mixed = [...others.filter(({ origin }) => !seen.has(origin)), ...mine.toReversed()];
        const after = assign(mixed, before.claims);
        for (const { origin } of mine) {
          assert.equal(after.listed.get(origin), before.listed.get(origin));
        }
      }),
    );
  });
});
