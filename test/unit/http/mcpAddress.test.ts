import { strict as assert } from 'node:assert';
import { isMcpPath, parseMcpPath, pathOf } from '../../../src/server/http/mcpAddress.ts';

describe('MCP addresses', () => {
  const cases: [string, ReturnType<typeof parseMcpPath>][] = [
    ['/mcp/demo', { token: null, vmcp: 'demo', rest: '', prefix: '/mcp/demo' }],
    ['/mcp/My%20vMCP/', { token: null, vmcp: 'My vMCP', rest: '', prefix: '/mcp/My%20vMCP' }],
    ['/mcp/demo/sse', { token: null, vmcp: 'demo', rest: 'sse', prefix: '/mcp/demo' }],
    ['/mcp/demo/message', { token: null, vmcp: 'demo', rest: 'message', prefix: '/mcp/demo' }],
    ['/mcp/sse', { token: null, vmcp: 'sse', rest: '', prefix: '/mcp/sse' }],
    ['/private/demo/vmcp', { token: null, vmcp: 'demo', rest: '', prefix: '/private/demo/vmcp' }],
    ['/t/abc/mcp/demo', { token: 'abc', vmcp: 'demo', rest: '', prefix: '/t/abc/mcp/demo' }],
    [
      '/t/abc/private/demo/vmcp/sse',
      { token: 'abc', vmcp: 'demo', rest: 'sse', prefix: '/t/abc/private/demo/vmcp' },
    ],
  ];
  for (const [path, expected] of cases) {
    it(`understands ${path}`, () => assert.deepEqual(parseMcpPath(path), expected));
  }
  for (const path of [
    '/mcp/',
    '/mcp//sse',
    '/mcp/demo/other',
    '/mcp/demo/sse/more',
    '/mcp/%zz',
    '/private/demo',
    '/t/abc',
    '/t/abc/api/vmcps',
    '/t//mcp/demo',
    '/t/a/t/b/mcp/demo',
    '/api/vmcps',
  ]) {
    it(`refuses ${path}`, () => assert.equal(parseMcpPath(path), undefined));
  }
  it('are told apart from REST by their beginning', () => {
    assert.equal(isMcpPath('/t/abc/api'), true);
    assert.equal(isMcpPath('/api/mcp/x'), false);
    assert.equal(isMcpPath('/mcp'), false);
  });
  it('end where the query begins', () => assert.equal(pathOf('/mcp/a?b=/c'), '/mcp/a'));
});
