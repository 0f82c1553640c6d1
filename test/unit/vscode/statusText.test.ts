import assert from 'node:assert/strict';
import { LinkError } from '../../../src/serverLink/linkError.ts';
import { RestClient } from '../../../src/serverLink/restClient.ts';
import { statusText } from '../../../src/vscode/statusText.ts';
import { t } from './builders.ts';

describe('the status bar', () => {
  const server = {
    instance: 'i',
    host: 'h',
    pid: 1,
    port: 23456,
    adminToken: 't',
    version: '1.0.0',
    startedAt: '2026-01-01T00:00:00Z',
  };
  const client = new RestClient(server);
  const connected = { status: 'connected', server, folder: '/data', client } as const;

  it('shows the port and what there is', () => {
    assert.deepEqual(statusText(connected, { vmcps: 2, problems: [] }, t), {
      text: '$(layers) vMCP',
      tooltip: 'vMCP runs at http://127.0.0.1:23456\n2 virtual MCP servers',
      failed: false,
    });
  });

  it('warns of servers that failed, and says why vMCP itself does not run', () => {
    const warned = statusText(connected, { vmcps: 1, problems: ['git', 'jira'] }, t);
    assert.equal(warned.text, '$(warning) vMCP 2');
    assert.match(warned.tooltip, /Needs attention: git, jira/);
    const error = new LinkError('not_started', 'It did not start.');
    const failed = statusText({ status: 'failed', error }, { vmcps: 0, problems: [] }, t);
    assert.deepEqual(failed, { text: '$(error) vMCP', tooltip: 'It did not start.', failed: true });
  });
});
