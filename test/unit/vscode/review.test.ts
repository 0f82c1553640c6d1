import assert from 'node:assert/strict';
import type { ToolChange } from '../../../src/contract/toolChanges.ts';
import { changedToolsTexts } from '../../../src/vscode/review/changedToolsText.ts';
import { consentQuestion } from '../../../src/vscode/review/consentText.ts';
import { visibleJson } from '../../../src/vscode/review/plainSight.ts';
import { partEntry } from '../../../src/vscode/views/partEntry.ts';
import { serverEntry } from '../../../src/vscode/views/serverEntry.ts';
import { vmcpEntry } from '../../../src/vscode/views/vmcpEntry.ts';
import { aServer, aVmcp, t } from './builders.ts';

describe('the question whether a server may start', () => {
  const question = (config: object) =>
    consentQuestion(aServer({ config: config as never, name: 'new' }), t);

  it('holds the whole command, the names of the environment, and the folder', () => {
    const config = { command: 'npx', args: ['-y', 'a b'], env: { KEY: '********' }, cwd: '/tmp' };
    assert.match(question(config), /npx -y "a b" \(environment: KEY\) \(in \/tmp\)$/);
  });

  it('shows what hides, and makes no links', () => {
    const args = ['a\u202Eb', '[x](command:evil)', 'line\nbreak', '\u{E0041}'];
    const shown = question({ command: 'run', args, env: {} });
    assert(shown.includes('"a\\u202eb" "[x] (command:evil)" "line\\nbreak" "\\udb40\\udc41"'));
  });

  it('names the address of a remote server', () => {
    assert.match(question({ url: 'http://a.test/mcp', headers: {} }), /http:\/\/a\.test\/mcp$/);
  });
});

describe('the comparison of changed tools', () => {
  it('is JSON on both sides, the odd first, hidden characters in plain sight', () => {
    const change: ToolChange = {
      ...{ server_id: 's', server_name: 'files', tool: 'read', kind: 'changed', held_back: true },
      before: { name: 'read', description: 'Reads.' },
      after: { name: 'read', description: 'Reads.\u{E0041}' },
      fingerprint: 'f',
      findings: [
        { rule: 'hidden-characters', meaning: 'holds tags', place: '/description', excerpt: 'R' },
      ],
    };
    const { before, after } = changedToolsTexts([change]);
    assert.deepEqual(JSON.parse(before), { 'files.read': change.before });
    const odd = { '(look at this)': ['/description holds tags: R'] };
    assert.deepEqual(JSON.parse(after), { 'files.read': { ...odd, ...change.after } });
    assert(after.includes('Reads.\\udb40\\udc41'));
    assert.deepEqual(JSON.parse(visibleJson('a\u200Bb')), 'a\u200Bb');
  });
});

describe('what waits for the user, in the trees', () => {
  it('is marked at a server that was not allowed yet', () => {
    const consent = { state: 'required', request: 'r' } as const;
    const entry = serverEntry(aServer({ status: 'consent_required', consent }), t);
    assert.equal(entry.icon, 'shield');
    assert.equal(entry.description, 'waits for you to allow it');
    assert.equal(entry.contextValue, 'server.idle.wantsConsent');
  });

  it('is marked at a vMCP whose tools are held back', () => {
    const entry = vmcpEntry(aVmcp({ tool_changes: { held_back: 2, noticed: 0 } }), t);
    assert.equal(entry.icon, 'warning');
    assert.match(entry.description ?? '', /^2 tools held back/);
    assert.equal(entry.contextValue, 'vmcp.changed');
  });

  it('is marked at a tool whose texts are odd', () => {
    const part = { kind: 'tools', key: 'read', label: 'read', description: '' } as const;
    const finding = { rule: 'x', meaning: 'holds a *thing*', place: '/a', excerpt: 'b' };
    const entry = partEntry(part, undefined, [finding], t);
    assert.equal(entry.icon, 'warning');
    assert(entry.tooltip?.includes('holds a \\*thing\\*'));
  });
});
