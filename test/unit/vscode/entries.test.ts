import assert from 'node:assert/strict';
import { partsOf } from '../../../src/contract/parts.ts';
import { serverEntry } from '../../../src/vscode/views/serverEntry.ts';
import { vmcpEntry, vmcpPartEntry, vmcpServerEntry } from '../../../src/vscode/views/vmcpEntry.ts';
import { anOffer, aPart, aServer, aVmcp, t } from './builders.ts';

const catalog = {
  tools: 2,
  resources: 1,
  resource_templates: 0,
  prompts: 0,
  tokens: 80,
  fetched_at: '2026-01-01T00:00:00Z',
};

describe('a server in the tree', () => {
  it('shows that it runs, and what it offers', () => {
    assert.deepEqual(serverEntry(aServer({ status: 'connected', catalog }), t), {
      id: 'server_1',
      label: 'files',
      description: 'running · 2 tools',
      tooltip: '**files**\n\nnpx \\-y server\\-files',
      icon: 'pass-filled',
      iconColor: 'testing.iconPassed',
      contextValue: 'server.connected',
      collapsible: 'collapsed',
    });
  });

  it('shows its last error, as text', () => {
    const last_error = 'spawn [x](command:evil) ENOENT';
    const entry = serverEntry(aServer({ status: 'error', last_error }), t);
    assert.equal(entry.description, 'failed');
    assert.equal(entry.icon, 'error');
    assert.equal(entry.contextValue, 'server.idle');
    assert(entry.tooltip?.includes('spawn \\[x\\]\\(command:evil\\) ENOENT'), entry.tooltip);
  });

  it('says nothing of a server that waits for its first use', () => {
    assert.equal(serverEntry(aServer(), t).description, '');
    assert.match(serverEntry(aServer(), t).tooltip ?? '', /first use/);
  });

  it('shows a disabled one as that, whatever its last state', () => {
    const entry = serverEntry(aServer({ enabled: false, status: 'error' }), t);
    assert.equal(entry.description, 'disabled');
    assert.equal(entry.contextValue, 'server.disabled');
  });
});

describe('a vMCP in the tree', () => {
  it('shows how many tools it lists', () => {
    const entry = vmcpEntry(aVmcp(), t);
    assert.equal(entry.description, '2 tools');
    assert.equal(entry.icon, 'layers');
    assert.equal(entry.tooltip, '**dev**\n\n2 tools, 0 prompts, 1 resources');
  });

  it('warns of its problems, and of more tools than models take', () => {
    const problems = [{ server_id: 'server_1', tool: 'read', message: 'the argument is gone' }];
    const entry = vmcpEntry(
      aVmcp({ problems, counts: { tools: 129, prompts: 0, resources: 0 } }),
      t,
    );
    assert.equal(entry.icon, 'warning');
    assert.match(entry.tooltip ?? '', /the argument is gone[\s\S]*at most 128/);
  });

  it('shows of each server how many tools are ticked', () => {
    const part = aPart({ tools: ['read', 'gone'] });
    const entry = vmcpServerEntry(aVmcp(), part, aServer(), anOffer, t);
    assert.equal(entry.description, '1 of 2 tools');
    assert.equal(entry.id, 'vmcp_1/server_1');
    assert.equal(entry.collapsible, 'collapsed');
  });

  it('shows a server that was never connected without parts', () => {
    const entry = vmcpServerEntry(aVmcp(), aPart(), aServer(), undefined, t);
    assert.equal(entry.description, 'not seen yet');
    assert.equal(entry.collapsible, 'none');
  });

  it('ticks what is selected, and shows new names', () => {
    const part = aPart({ tools: ['write'], overrides: { write: { name: 'save' } } });
    const [read, write, prompt] = partsOf(anOffer).map((p) => vmcpPartEntry(aVmcp(), part, p, t));
    assert.equal(read?.checked, false);
    assert.equal(read?.description, 'Reads a file.');
    assert.equal(write?.checked, true);
    assert.equal(write?.description, 'as save');
    assert.equal(prompt?.checked, true);
    assert.equal(prompt?.id, 'vmcp_1/server_1/prompts/review');
  });
});
