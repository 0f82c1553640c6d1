import { strict as assert } from 'node:assert';
import * as z from 'zod';
import { RpcError, rpcCodes } from '../../../src/contract/jsonRpc.ts';
import { createServerSchema } from '../../../src/contract/servers.ts';
import { ConflictError, InvalidError, NotFoundError } from '../../../src/server/appErrors.ts';
import { errorReply } from '../../../src/server/http/errorReply.ts';
import { notFound } from '../../../src/server/http/httpError.ts';
import { UpstreamError } from '../../../src/server/upstream/upstreamError.ts';
import { UnknownItemError } from '../../../src/server/vmcp/operations/unknownItemError.ts';

describe('Errors as HTTP answers', () => {
  const cases: [string, unknown, number][] = [
    ['an unknown id', new NotFoundError('No vMCP', 'vmcp_1'), 404],
    ['a name that is taken', new ConflictError('Taken', 'name'), 409],
    ['an impossible request', new InvalidError('Impossible', 'mcp_servers[0]'), 400],
    ['an upstream without an answer', new UpstreamError('crashed', 'git', 'It ended'), 500],
    ['an unknown tool', new UnknownItemError('tool', 'x', 'demo'), 404],
    ['an unknown resource', new RpcError(rpcCodes.resourceNotFound, 'No such resource'), 404],
    ['invalid params', new RpcError(rpcCodes.invalidParams, 'No'), 400],
    ['another JSON-RPC error', new RpcError(-32000, 'Broken'), 500],
    ['a wrong token', notFound(), 404],
  ];
  for (const [what, error, status] of cases) {
    it(`${what}: ${status}`, () => {
      const reply = errorReply(error);
      assert.equal(reply.status, status);
      assert.equal(reply.unexpected, false);
      assert.ok(reply.body.error.length > 0 && reply.body.detail.length > 0);
    });
  }
  it('name the upstream and the cause', () => {
    const { body } = errorReply(new UpstreamError('start_failed', 'git', 'spawn nope ENOENT'));
    assert.match(body.error, /git/);
    assert.match(body.detail, /start_failed.*ENOENT/);
  });
  it('tell nothing of what nobody foresaw', () => {
    const reply = errorReply(new Error('password is hunter2'));
    assert.equal(reply.status, 500);
    assert.equal(reply.unexpected, true);
    assert.doesNotMatch(JSON.stringify(reply.body), /hunter2/);
  });
  it('name the path of each wrong field', () => {
    const schema = z.strictObject({ a: z.array(z.object({ b: z.number() })) });
    assert.match(detailOf(schema, { a: [{ b: 1 }, { b: 'x' }] }), /^a\[1\]\.b: /);
    assert.match(detailOf(schema, { a: [], extra: 1 }), /extra/);
    assert.match(detailOf(schema, 7), /^body: /);
  });
  it('look into the branch of a union that was meant', () => {
    const detail = detailOf(createServerSchema, {
      name: 'x',
      transport_type: 'stdio',
      config: { command: 'npx', args: [1] },
    });
    assert.match(detail, /config\.args\[0\]/);
  });
});

function detailOf(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value);
  const reply = errorReply(error);
  assert.equal(reply.status, 400);
  return reply.body.detail;
}
