import assert from 'node:assert/strict';
import { McpDefinitions } from '../../../src/vscode/mcpDefinitions.ts';
import { aVmcp } from './builders.ts';

describe('the definitions for VS Code', () => {
  const url = async (id: string) => `http://127.0.0.1:1/t/x/mcp/${id}`;

  it('carry a distinctive label, the address and the revision', async () => {
    const definitions = new McpDefinitions();
    assert.equal(await definitions.update([aVmcp()], url), true);
    assert.deepEqual(definitions.current, [
      {
        vmcpId: 'vmcp_1',
        label: 'vMCP: dev',
        url: 'http://127.0.0.1:1/t/x/mcp/vmcp_1',
        version: 'r1',
      },
    ]);
  });

  it('stay as they are when the tools change: that would stop the connected server', async () => {
    const definitions = new McpDefinitions();
    await definitions.update([aVmcp()], url);
    assert.equal(await definitions.update([aVmcp({ revision: 'r2' })], url), false);
    const other = aVmcp({ vmcp_id: 'vmcp_2', name: 'ops', revision: 'q1' });
    assert.equal(await definitions.update([aVmcp({ revision: 'r3' }), other], url), true);
    assert.deepEqual(
      definitions.current.map(({ version }) => version),
      ['r1', 'q1'],
    );
  });

  it('follow names, addresses and removals', async () => {
    const definitions = new McpDefinitions();
    await definitions.update([aVmcp()], url);
    assert.equal(await definitions.update([aVmcp({ name: 'prod' })], url), true);
    assert.equal(await definitions.update([aVmcp({ name: 'prod' })], async () => 'http://x'), true);
    assert.equal(await definitions.update([], url), true);
    assert.equal(await definitions.update([], url), false);
  });
});
