import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/contract/json.ts';
import { curlCommand } from '../../../src/vscode/dashboard/curlCommand.ts';
import { repeatRequest } from '../../../src/vscode/dashboard/repeatRequest.ts';

const call = { vmcp_id: 'vmcp_1', method: 'tools/call', target: 'files.read', arguments: {} };

describe('a logged operation', () => {
  it('becomes the REST request that does it again, references in it as text', () => {
    assert.deepEqual(repeatRequest({ ...call, arguments: { path: '@config.x' } }), {
      method: 'POST',
      path: '/api/vmcps/vmcp_1/tools/call',
      body: { name: 'files.read', arguments: { path: '@config.x' }, substitute: false },
    });
    assert.deepEqual(repeatRequest({ ...call, arguments: null }), {
      method: 'POST',
      path: '/api/vmcps/vmcp_1/tools/call',
      body: { name: 'files.read', arguments: {}, substitute: false },
    });
    assert.deepEqual(repeatRequest({ ...call, method: 'resources/read', target: 'demo://x' }), {
      method: 'POST',
      path: '/api/vmcps/vmcp_1/resources/read',
      body: { uri: 'demo://x' },
    });
    assert.deepEqual(repeatRequest({ ...call, method: 'prompts/list', target: null }), {
      method: 'GET',
      path: '/api/vmcps/vmcp_1/prompts',
    });
  });

  it('is not done again where the log does not hold all of it', () => {
    const cut = { truncated: true, bytes: 9000, preview: '{"a' };
    assert.equal(repeatRequest({ ...call, arguments: cut }), 'cut');
    assert.equal(repeatRequest({ ...call, arguments: { key: 'x ********' } }), 'masked');
    assert.equal(repeatRequest({ ...call, arguments: [1] }), 'unsupported');
    assert.equal(repeatRequest({ ...call, method: 'tasks/get' }), 'unsupported');
    assert.equal(repeatRequest({ ...call, target: null }), 'unsupported');
  });
});

describe('curl line', () => {
  const base = 'http://127.0.0.1:8000';

  it('holds the request, and no token', () => {
    const request = repeatRequest({ ...call, arguments: { text: "it's" } });
    assert.ok(typeof request === 'object');
    assert.equal(
      curlCommand(request, base),
      [
        `curl -sS -X POST '${base}/api/vmcps/vmcp_1/tools/call' \\`,
        `  -H "Authorization: Bearer $VMCP_TOKEN" \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  --data-raw '{"name":"files.read","arguments":{"text":"it'\\''s"},"substitute":false}'`,
      ].join('\n'),
    );
    assert.match(curlCommand({ method: 'GET', path: '/x' }, base), /^curl -sS 'http.*\/x' \\\n/);
  });

  it('is read by a shell as it was meant', function () {
    if (process.platform === 'win32') this.skip();
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const body = { name: 'x', arguments: { value: value as JsonValue } };
        const line = curlCommand({ method: 'POST', path: '/x', body }, base);
        const script = `curl() { for last; do :; done; printf %s "$last"; }\n${line}`;
        const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        assert.deepEqual(JSON.parse(read), JSON.parse(JSON.stringify(body)));
      }),
      { numRuns: 20 },
    );
  });
});
