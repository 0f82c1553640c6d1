import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  assignServerNames,
  serverNamesSetting,
} from '../../../src/server/vmcp/naming/serverNames.ts';

function vmcp(name: string, order: number) {
  return {
    vmcp_id: `vmcp_${order}`,
    name,
    created_at: `2026-01-01T00:00:${String(order).padStart(2, '0')}Z`,
  };
}

describe('server names of vMCPs', () => {
  it('are the name in lower case, legal', () => {
    assert.deepEqual([...assignServerNames([vmcp('My vMCP', 1)], undefined).values()], ['my_vmcp']);
  });

  it('differ in the first 13 characters, and stay when the other goes', () => {
    const vmcps = [vmcp('development tools', 1), vmcp('development tests', 2)];
    const names = assignServerNames(vmcps, undefined);
    assert.equal(names.get('vmcp_1'), 'development_tools');
    assert.match(names.get('vmcp_2') ?? '', /^developm-[0-9a-f]{4}$/);
    const setting = serverNamesSetting(vmcps, names);
    assert.equal(assignServerNames(vmcps.slice(1), setting).get('vmcp_2'), names.get('vmcp_2'));
  });

  it('are unique for whatever names there are, and stable', async () => {
    const name = fc.stringMatching(/^(development|a)[ _A-Z0-9a-z-]{0,20}$/);
    await fc.assert(
      fc.property(fc.array(name, { maxLength: 20 }), fc.nat(20), (names, without) => {
        const vmcps = names.map(vmcp);
        const assigned = assignServerNames(vmcps, undefined);
        assert.equal(new Set([...assigned.values()].map((n) => n.slice(0, 13))).size, names.length);
        for (const serverName of assigned.values()) assert.match(serverName, /^[a-z0-9_-]+$/);
        const rest = vmcps.filter((_, index) => index !== without);
        const after = assignServerNames(rest, serverNamesSetting(vmcps, assigned));
        for (const { vmcp_id } of rest) assert.equal(after.get(vmcp_id), assigned.get(vmcp_id));
      }),
    );
  });
});
