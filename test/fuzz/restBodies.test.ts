import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type BodySchema, bodiesOf } from './bodiesOf.ts';
import { cases, patienceMs } from './cases.ts';

const together = 4;
/** Answers of another kind have tests of their own. */
const notJson = /\/content$|\/stats\/export$/;
const hostileIds = ['none', '__proto__', '..%2F..%2Fx', '%00', '%E0%A4%A', 'a'.repeat(300), 'ä'];

interface Operation {
  method: string;
  path: string;
  body: BodySchema | undefined;
}

interface OpenApi {
  paths: Record<
    string,
    Record<string, { requestBody?: { content: Record<string, { schema: BodySchema }> } }>
  >;
  components: { schemas: Record<string, BodySchema> };
}

describe('random bodies over REST', function () {
  this.timeout(patienceMs);
  const suite = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let document: OpenApi;

  before(async () => {
    // Files of other clients are looked for, and written, below the home folder.
    const home = await makeTempDir(suite);
    const env = { HOME: home, USERPROFILE: home, APPDATA: home, XDG_CONFIG_HOME: home };
    server = await startServer(suite, { env, args: ['--registry', 'http://127.0.0.1:9'] });
    rest = await CheckedRest.open(server.url);
    document = await rest.ok('GET', '/api/openapi.json');
    const odd = await rest.addNodeServer('odd', upstreams.everything);
    await rest.connect(odd);
    await rest.addVmcp('all', [odd]);
  });

  /** All but those that stop the server or change who may come in. */
  function operations(): Operation[] {
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      path.startsWith('/api/admin/') || notJson.test(path)
        ? []
        : Object.entries(methods).map(([method, { requestBody }]) => {
            const content = requestBody?.content['application/json'];
            return { method: method.toUpperCase(), path, body: content?.schema };
          }),
    );
  }

  const resolve = (ref: string) => document.components.schemas[ref.split('/').at(-1) ?? ''] ?? {};

  async function knownIds(): Promise<string[]> {
    const vmcps = await rest.ok('GET', '/api/vmcps');
    const servers = await rest.ok('GET', '/api/mcp-servers');
    const ids = [...vmcps.slice(-9), ...servers.slice(-9)];
    return [...ids.map(({ vmcp_id, server_id }) => vmcp_id ?? server_id), 'a', 'odd'];
  }

  it('are each answered as documented, and leave a server that works', async () => {
    const calls = operations().map((operation) => {
      const body = operation.body ? bodiesOf(operation.body, resolve) : fc.constant(undefined);
      const { method, path } = operation;
      return fc.record({
        method: fc.constant(method),
        path: fc.constant(path),
        body,
        id: fc.nat(),
      });
    });
    let made = 0;
    const batch = fc.array(fc.oneof(...calls), { minLength: together, maxLength: together });
    const property = fc.asyncProperty(batch, async (requests) => {
      const ids = [...(await knownIds()), ...hostileIds];
      await Promise.all(
        requests.map(async ({ method, path, body, id }) => {
          const filled = path.replaceAll(/\{\w+\}/g, () => ids[id % ids.length] ?? '');
          const sent = typeof body === 'object' && body !== null ? body : undefined;
          const answer = await rest.send(method, filled, sent);
          made += 1;
          const isWell = answer.body?.error !== 'Internal server error';
          assert(isWell, `${method} ${filled}: ${server.output.slice(-1500)}`);
        }),
      );
    });
    await fc.assert(property, { numRuns: Math.ceil(cases / together) });
    assert(made >= cases, `${made} requests`);
    const { pid } = await rest.ok('GET', '/health');
    assert.equal(pid, server.pid);
    await rest.ok('GET', '/api/stats');
    assert.doesNotMatch(server.output, /unhandled|TypeError|RangeError|ReferenceError/i);
  });
});
