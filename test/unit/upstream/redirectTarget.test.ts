import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { redirectTarget } from '../../../src/server/upstream/redirectTarget.ts';

const far = new URL('https://mcp.example/mcp');
const near = new URL('http://127.0.0.1:3000/mcp');

function target(location: string, { status = 307, method = 'POST', from = far } = {}) {
  const response = { statusCode: status, headers: { location } } as IncomingMessage;
  return redirectTarget(response, method, from)?.href;
}

describe('Redirects of MCP servers', () => {
  it('are followed where they keep the method', () => {
    assert.equal(target('/other'), 'https://mcp.example/other');
    assert.equal(target('https://eu.mcp.example/', { status: 308 }), 'https://eu.mcp.example/');
    assert.equal(target('/', { status: 302 }), undefined);
    assert.equal(target('/', { status: 302, method: 'GET' }), 'https://mcp.example/');
    assert.equal(target('file:///etc/passwd'), undefined);
    assert.equal(target('http://'), undefined);
  });

  it('do not lead a server elsewhere to this machine', () => {
    for (const place of [
      'http://127.0.0.1:8000/api/admin/stop',
      'http://localhost/',
      'http://[::1]/',
    ]) {
      assert.throws(() => target(place), /an address of this machine/);
      assert.equal(target(place, { from: near }), new URL(place).href);
    }
  });

  it('do not lead to link-local and metadata addresses, from wherever', () => {
    for (const from of [far, near]) {
      assert.throws(() => target('http://169.254.169.254/', { from }), /metadata address/);
      assert.throws(() => target('http://[fe80::1]/', { from }), /metadata address/);
    }
  });
});
