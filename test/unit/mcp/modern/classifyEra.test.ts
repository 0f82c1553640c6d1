import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonRpcMessage } from '../../../../src/contract/jsonRpc.ts';
import { modernMessageOf } from '../../../../src/server/mcp/modern/classifyEra.ts';
import { ModernRefusal } from '../../../../src/server/mcp/modern/modernRefusal.ts';

const key = 'io.modelcontextprotocol/protocolVersion';
const capabilities = 'io.modelcontextprotocol/clientCapabilities';
const envelope = { [key]: '2026-07-28', [capabilities]: {} };

interface Sent {
  version?: string | undefined;
  method?: string | undefined;
  name?: string | undefined;
}

function request(method: string, params?: object, id: string | number = 0): JsonRpcMessage {
  return { jsonrpc: '2.0', id, method, ...(params && { params }) } as JsonRpcMessage;
}

/** `modern`, `legacy`, or the HTTP status and the code of the refusal. */
function verdict(body: JsonRpcMessage | JsonRpcMessage[], sent: Sent = {}): string {
  try {
    const headers = { protocolVersion: sent.version, method: sent.method, name: sent.name };
    return modernMessageOf(body, headers) ? 'modern' : 'legacy';
  } catch (error) {
    if (error instanceof ModernRefusal) return `${error.status} ${error.rpcError.code}`;
    throw error;
  }
}

const list = request('tools/list', { _meta: envelope });
const listHeaders = { version: '2026-07-28', method: 'tools/list' };

describe('The era of a POST', () => {
  it('is the session era for batches; one with an envelope in it is refused', () => {
    assert.equal(verdict([request('ping')]), 'legacy');
    assert.equal(verdict([request('ping'), list], listHeaders), '400 -32600');
  });

  it('is the session era for responses, whatever the headers say', () => {
    const response: JsonRpcMessage = { jsonrpc: '2.0', id: 1, result: {} };
    assert.equal(verdict(response, { version: '2026-07-28' }), 'legacy');
  });

  it('is the session era for initialize, whatever version it asks for', () => {
    const initialize = request('initialize', { protocolVersion: '2026-07-28' });
    assert.equal(verdict(initialize), 'legacy');
    assert.equal(verdict(initialize, { version: '2025-11-25' }), 'legacy');
    assert.equal(verdict(initialize, { version: '2026-07-28' }), '400 -32020');
    const halfEnveloped = request('initialize', { _meta: { [key]: '2026-07-28' } });
    assert.equal(verdict(halfEnveloped), 'legacy');
  });

  it('is the other one for an enveloped initialize, which no method answers', () => {
    const headers = { version: '2026-07-28', method: 'initialize' };
    assert.equal(verdict(request('initialize', { _meta: envelope }), headers), 'modern');
  });

  it('is the one without sessions where the version stands in the envelope', () => {
    assert.equal(verdict(list, listHeaders), 'modern');
  });

  it('needs a whole envelope', () => {
    for (const _meta of [
      { [key]: '2026-07-28' },
      { [key]: 7, [capabilities]: {} },
      { [key]: '2026-07-28', [capabilities]: [] },
    ]) {
      assert.equal(verdict(request('tools/list', { _meta }), listHeaders), '400 -32602');
    }
  });

  it('has headers that say what the body says', () => {
    assert.equal(verdict(list, { ...listHeaders, version: '2025-11-25' }), '400 -32020');
    assert.equal(verdict(list, { ...listHeaders, method: 'tools/call' }), '400 -32020');
    assert.equal(verdict(list, { ...listHeaders, method: 'Tools/List' }), '400 -32020');
    assert.equal(verdict(list, { version: ' 2026-07-28 ', method: ' tools/list ' }), 'modern');
  });

  it('refuses versions that are not served, after contradictions and before missing headers', () => {
    for (const version of ['2099-01-01', '2025-11-25']) {
      const other = request('tools/list', { _meta: { ...envelope, [key]: version } });
      assert.equal(verdict(other), '400 -32022');
      assert.equal(verdict(other, { version, method: 'tools/list' }), '400 -32022');
      assert.equal(verdict(other, { version: '2026-07-28' }), '400 -32020');
    }
  });

  it('misses headers one by one', () => {
    const call = request('tools/call', { name: 'add', _meta: envelope });
    const messages: string[] = [];
    for (const sent of [
      {},
      { version: '2026-07-28' },
      { version: '2026-07-28', method: 'tools/call' },
    ]) {
      assert.throws(
        () =>
          modernMessageOf(call, {
            protocolVersion: sent.version,
            method: sent.method,
            name: undefined,
          }),
        (error: ModernRefusal) => {
          messages.push(error.message);
          return error.status === 400 && error.rpcError.code === -32020 && error.id === 0;
        },
      );
    }
    assert.deepEqual(messages, [
      'The header MCP-Protocol-Version is missing',
      'The header Mcp-Method is missing',
      'The header Mcp-Name is missing',
    ]);
  });

  it('is never the session era where only the header is newer', () => {
    const bare = request('tools/list', { _meta: { progressToken: 0 } });
    assert.equal(verdict(bare, { version: '2026-07-28' }), '400 -32602');
    assert.equal(verdict(bare, { version: '2027-01-01' }), '400 -32602');
    assert.equal(verdict(bare, { version: '2025-11-25' }), 'legacy');
  });

  it('is the session era without the key, whatever else is there', () => {
    const other = { [capabilities]: {}, 'io.modelcontextprotocol/clientInfo': {} };
    assert.equal(verdict(request('tools/list', { _meta: other })), 'legacy');
    assert.equal(verdict(request('server/discover')), 'legacy');
  });

  it('follows the header for notifications without the key', () => {
    const notification: JsonRpcMessage = { jsonrpc: '2.0', method: 'notifications/cancelled' };
    assert.equal(verdict(notification), 'legacy');
    assert.equal(verdict(notification, { version: '2025-11-25' }), 'legacy');
    assert.equal(verdict(notification, { version: '2026-07-28' }), 'modern');
    assert.equal(verdict({ ...notification, params: { _meta: envelope } }), 'modern');
  });

  it('never depends on headers that are missing', () => {
    const meta = fc.option(fc.dictionary(fc.constantFrom(key, capabilities, 'x'), fc.jsonValue()));
    fc.assert(
      fc.property(
        meta,
        fc.constantFrom('tools/list', 'server/discover', 'ping'),
        (_meta, method) => {
          const body = request(method, _meta ? { _meta } : undefined) as JsonRpcMessage;
          const isLegacy = verdict(body) === 'legacy';
          assert.equal(isLegacy, !(_meta !== null && Object.hasOwn(_meta, key)));
        },
      ),
    );
  });

  it('takes names in every spelling that headers allow', () => {
    const name = 'Grüße ☃';
    const call = request('tools/call', { name, _meta: envelope });
    const headers = { version: '2026-07-28', method: 'tools/call' };
    const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`;
    assert.equal(verdict(call, { ...headers, name: encoded }), 'modern');
    assert.equal(verdict(call, { ...headers, name: '=?base64?***?=' }), '400 -32020');
    assert.equal(verdict(call, { ...headers, name: 'other' }), '400 -32020');
  });
});
