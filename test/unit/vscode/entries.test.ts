import assert from 'node:assert/strict';
import { partsOf } from '../../../src/contract/parts.ts';
import { nodeId } from '../../../src/vscode/views/nodes.ts';
import { configEntry, groupEntry, ownItemEntry } from '../../../src/vscode/views/ownEntry.ts';
import { serverEntry } from '../../../src/vscode/views/serverEntry.ts';
import { accessibleLabel } from '../../../src/vscode/views/treeEntry.ts';
import { vmcpEntry, vmcpServerEntry } from '../../../src/vscode/views/vmcpEntry.ts';
import { vmcpPartEntry } from '../../../src/vscode/views/vmcpPartEntry.ts';
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
      label: 'files',
      description: 'running · 2 tools · ≈ 80 tokens',
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

  it('says what the user has to do, and offers it', () => {
    const wanting = aServer({ status: 'auth_required', needs: { kind: 'sign_in' } });
    assert.equal(serverEntry(wanting, t).description, 'wants you to sign in');
    assert.equal(serverEntry(wanting, t).contextValue, 'server.idle.wantsSignIn');
    const missing = aServer({ status: 'auth_required', needs: { kind: 'secret', name: 'key' } });
    assert.equal(serverEntry(missing, t).description, 'needs the secret key');
    assert.equal(serverEntry(missing, t).contextValue, 'server.idle.wantsSecret');
  });

  it('shows what the user is signed in for, and until when', () => {
    const signed_in = { scope: 'read write', expires_at: '2026-01-01T00:00:00Z' };
    const entry = serverEntry(aServer({ status: 'connected', signed_in }), t);
    assert.equal(entry.contextValue, 'server.connected.signedIn');
    assert.match(entry.tooltip ?? '', /Signed in for read write · until .*2026|2025/);
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
    assert.equal(entry.description, '2 tools · ≈ 150 tokens');
    assert.equal(entry.icon, 'layers');
    assert.equal(
      entry.tooltip,
      '**dev**\n\n2 tools, 0 prompts, 1 resources\n\nIts tools take about 150 tokens of a model’s context.',
    );
    assert.equal(accessibleLabel(entry), 'dev, 2 tools · ≈ 150 tokens');
  });

  it('warns of its problems, and of more tools than models take', () => {
    const problems = [{ server_id: 'server_1', tool: 'read', message: 'the argument is gone' }];
    const entry = vmcpEntry(
      aVmcp({ problems, tokens: 12_345, counts: { tools: 129, prompts: 0, resources: 0 } }),
      t,
    );
    assert.equal(entry.icon, 'warning');
    assert.equal(entry.description, '129 tools · more than 128 · ≈ 12k tokens');
    assert.match(entry.tooltip ?? '', /at most 128[\s\S]*the argument is gone/);
    assert.match(
      accessibleLabel(entry),
      /warning: 129 tools: .* at most 128\.; the argument is gone/,
    );
  });

  it('shows of each server how many tools are ticked', () => {
    const server = aServer({ catalog });
    const entry = vmcpServerEntry(aPart({ tools: ['read'] }), server, t);
    assert.equal(entry.description, '1 of 2 tools');
    assert.equal(entry.collapsible, 'collapsed');
    assert.equal(vmcpServerEntry(aPart(), server, t).description, '2 tools');
  });

  it('shows a server that was never connected without parts', () => {
    const entry = vmcpServerEntry(aPart(), aServer(), t);
    assert.equal(entry.description, 'not seen yet');
    assert.equal(entry.collapsible, 'none');
  });

  const facts = { tokens: 60, findings: [], exposed: undefined };

  it('ticks what is selected, and says how large it is', () => {
    const part = aPart({ tools: ['write'] });
    const [read, write, prompt] = partsOf(anOffer).map((p) => vmcpPartEntry(part, p, facts, t));
    assert.equal(read?.checked, false);
    assert.equal(read?.description, '≈ 60 tokens · Reads a file.');
    assert.equal(read?.contextValue, 'vmcpPart.tools.off');
    assert.equal(write?.checked, true);
    assert.equal(write?.contextValue, 'vmcpPart.tools.on');
    assert.equal(prompt?.checked, true);
    assert.equal(prompt?.description, 'Reviews.');
  });

  it('says what it changes of a tool, in short and whole', () => {
    const overrides = {
      write: {
        name: 'save',
        description: 'Saves it.',
        arguments: {
          path: { value: '/tmp/x' },
          mode: { hidden: true },
          retries: { default: 3 },
        },
      },
    };
    const [, write] = partsOf(anOffer);
    assert(write);
    const exposed = {
      server_id: 'server_1',
      tool: 'write',
      name: 'files_save',
      canonical_name: 'files.write',
      tokens: 44,
    };
    const entry = vmcpPartEntry(
      aPart({ overrides }),
      write,
      { tokens: 60, findings: [], exposed },
      t,
    );
    assert.equal(
      entry.description,
      '≈ 44 tokens · renamed to save · own description · 1 fixed · 1 hidden · 1 defaulted',
    );
    assert.equal(
      entry.tooltip,
      [
        '**write**',
        'Listed as `files_save`',
        'Renamed to save',
        'path is always "/tmp/x"',
        'mode is hidden',
        'retries is 3 by default',
        'Saves it\\.',
        '≈ 44 tokens',
      ].join('\n\n'),
    );
  });

  it('shows its own things in groups, and secrets as dots', () => {
    const vmcp = aVmcp({
      custom_tools: [
        {
          tool_type: 'python',
          name: 'add',
          description: 'Adds.',
          code: '',
          variables: [],
          keywords: [],
          enabled: false,
        },
      ],
      active_config: { team: 'core', token: '********' },
      secret_keys: ['token'],
      problems: [{ server_id: 'vmcp', tool: 'add', message: 'no function main' }],
    });
    const group = groupEntry(vmcp, 'configuration', t);
    assert.deepEqual([group.label, group.description], ['Configuration', '2']);
    const tool = ownItemEntry(vmcp, { list: 'custom-tools', name: 'add' }, facts, t);
    assert.deepEqual(
      [tool?.description, tool?.checked, tool?.icon, tool?.alsoSaid],
      ['Python · Adds.', false, 'warning', 'warning: no function main'],
    );
    assert.equal(ownItemEntry(vmcp, { list: 'custom-prompts', name: 'add' }, facts, t), undefined);
    assert.equal(configEntry(vmcp, { key: 'team' }, t).description, 'core');
    const secret = configEntry(vmcp, { key: 'token' }, t);
    assert.deepEqual([secret.description, secret.alsoSaid], ['••••••••', 'secret']);
  });
});

describe('the id of a node', () => {
  it('is that of the thing, whatever changes of it', () => {
    const part = { kind: 'tools', key: 'a/b' } as const;
    assert.equal(
      nodeId({ type: 'serverPart', serverId: 'server_1', ...part }),
      'server_1/tools/a/b',
    );
    assert.equal(
      nodeId({ type: 'vmcpPart', vmcpId: 'vmcp_1', serverId: 'server_1', ...part }),
      'vmcp_1/server_1/tools/a/b',
    );
  });
});
