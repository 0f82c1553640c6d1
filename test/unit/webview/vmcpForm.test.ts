import assert from 'node:assert/strict';
import fc from 'fast-check';
import { draftOf, editsOf, emptySecrets } from '../../../webview-ui/vmcpEditor/editorDraft.ts';
import { formOf, isSame, updateOf, type VmcpForm } from '../../../webview-ui/vmcpEditor/form.ts';
import { mergeEdits, takeAt } from '../../../webview-ui/vmcpEditor/mergeEdits.ts';
import { aVmcp } from '../vscode/builders.ts';

const part = { tools: 'all' as const, prompts: 'all' as const, resources: 'all' as const };

const base: VmcpForm = {
  ...formOf(aVmcp({ name: 'dev' })),
  order: ['server_a', 'server_b'],
  servers: {
    server_a: { ...part, overrides: {} },
    server_b: { ...part, overrides: {} },
  },
  config: { greeting: 'Hello', token: '********' },
  secrets: { token: true },
};

describe('the form of a vMCP', () => {
  it('has its servers by priority', () => {
    const entry = (server_id: string, priority: number) => ({
      ...part,
      server_id,
      priority,
      name: server_id,
      overrides: {},
    });
    const vmcp = aVmcp({ mcp_servers: [entry('b', 2), entry('c', 2), entry('a', 1)] });
    assert.deepEqual(formOf(vmcp).order, ['a', 'b', 'c']);
  });

  it('is written by what differs only', () => {
    assert.deepEqual(updateOf(base, base), {});
    assert.deepEqual(updateOf(base, { ...base, name: 'other' }), { name: 'other' });
    const { server_b } = base.servers;
    const reordered = { ...base, order: ['server_b', 'server_a'] };
    assert.deepEqual(updateOf(base, reordered).mcp_servers?.[0], {
      server_id: 'server_b',
      priority: 1,
      ...server_b,
    });
    const secret = { ...base, config: { ...base.config, token: 'new' } };
    assert.deepEqual(updateOf(base, secret), {
      active_config: { greeting: 'Hello', token: 'new' },
      secret_keys: ['token'],
    });
  });

  it('compares values whatever the order of members is', () => {
    assert(isSame({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 }));
    assert(!isSame({}, []));
    assert(!isSame([1, 2], [2, 1]));
  });
});

describe('edits of a vMCP that others change meanwhile', () => {
  it('are put together where they concern different things', () => {
    const mine: VmcpForm = {
      ...base,
      servers: { ...base.servers, server_a: { ...part, overrides: { x: { name: 'y' } } } },
    };
    const theirs: VmcpForm = {
      ...base,
      name: 'theirs',
      servers: { ...base.servers, server_a: { ...part, tools: ['x'], overrides: {} } },
    };
    const { value, conflicts } = mergeEdits(base, mine, theirs);
    assert.deepEqual(conflicts, []);
    assert.equal(value.name, 'theirs');
    assert.deepEqual(value.servers.server_a, {
      ...part,
      tools: ['x'],
      overrides: { x: { name: 'y' } },
    });
  });

  it('conflict where both changed the same, and then mine stands until theirs is taken', () => {
    const mine = { ...base, name: 'mine' };
    const theirs = { ...base, name: 'theirs' };
    const { value, conflicts } = mergeEdits(base, mine, theirs);
    assert.deepEqual(conflicts, [['name']]);
    assert.equal(value.name, 'mine');
    assert.equal(takeAt(value, theirs, ['name']).name, 'theirs');
  });

  it('keep the servers that either added, and leave out what either removed', () => {
    const { server_a, server_b } = base.servers as Record<string, VmcpForm['servers'][string]>;
    const added = { ...part, overrides: {} };
    const mine: VmcpForm = {
      ...base,
      order: ['server_c', 'server_a', 'server_b'],
      servers: { ...base.servers, server_c: added },
    };
    const theirs: VmcpForm = {
      ...base,
      order: ['server_b', 'server_d'],
      servers: { server_b: server_b!, server_d: added },
    };
    const { value, conflicts } = mergeEdits(base, mine, theirs);
    assert.deepEqual(conflicts, []);
    assert.deepEqual(value.order, ['server_c', 'server_b', 'server_d']);
    assert.deepEqual(Object.keys(value.servers).sort(), [...value.order].sort());
    assert(server_a);
  });

  it('come to nothing where one side changed nothing', () => {
    const changes = fc.record({ name: fc.string(), description: fc.string() });
    fc.assert(
      fc.property(changes, (change) => {
        const changed = { ...base, ...change };
        assert.deepEqual(mergeEdits(base, changed, base), { value: changed, conflicts: [] });
        assert.deepEqual(mergeEdits(base, base, changed), { value: changed, conflicts: [] });
      }),
    );
  });
});

describe('a draft of a vMCP', () => {
  it('gives the edits back, but no secret that was typed', () => {
    const form = { ...base, config: { greeting: 'Hi', token: 's3cret' } };
    const draft = draftOf({ base, form, texts: { 'config.n': '1e' } });
    assert(!JSON.stringify(draft).includes('s3cret'));
    const edits = editsOf(JSON.parse(JSON.stringify(draft)));
    assert.deepEqual(edits?.texts, { 'config.n': '1e' });
    assert.equal(edits?.form.config.greeting, 'Hi');
    assert.deepEqual(emptySecrets(edits!.form), ['token']);
  });

  it('keeps a secret that was not touched', () => {
    const edits = editsOf(draftOf({ base, form: { ...base, name: 'x' }, texts: {} }));
    assert.equal(edits?.form.config.token, '********');
    assert.deepEqual(emptySecrets(edits!.form), []);
  });
});
