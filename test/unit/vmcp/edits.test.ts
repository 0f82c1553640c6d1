import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { NameClaimsRecord } from '../../../src/server/store/records.ts';
import { aCatalog, aServer, aTool, compileTest, startOfTime } from './builders.ts';

const uris = ['x://1', 'x://2', 'x://{id}', 'x://{+rest}'];
const tools = ['c', 'b_c', 'b.c', '__proto__', 'constructor'];

/** What one server is at one moment. */
const serverState = fc.record({
  id: fc.constantFrom('1', '2', '3'),
  name: fc.constantFrom('a', 'a_b', 'A b'),
  priority: fc.nat(3),
  enabled: fc.boolean(),
  tools: fc.subarray(tools),
  selected: fc.oneof(fc.constant('all' as const), fc.subarray(tools)),
  override: fc.option(fc.constantFrom('c', 'z')),
  uris: fc.subarray(uris),
});
const vmcpState = fc.record({
  servers: fc.uniqueArray(serverState, { selector: ({ id }) => id, minLength: 1 }),
  plain: fc.boolean(),
});
type State = typeof vmcpState extends fc.Arbitrary<infer T> ? T : never;

function compile({ servers, plain }: State, claims: NameClaimsRecord | undefined, now: number) {
  return compileTest({
    servers: servers.map(({ id, name, priority, enabled, selected, override, ...has }, index) => ({
      server: aServer(`${name} ${index}`, { server_id: `server_${id}`, enabled }),
      catalog: aCatalog(`server_${id}`, {
        tools: has.tools.map((tool) => aTool(tool, { description: `server_${id} ${tool}` })),
        prompts: has.tools.map((tool) => ({ name: tool, description: `server_${id} ${tool}` })),
        resources: has.uris
          .filter((uri) => !uri.includes('{'))
          .map((uri) => ({ uri, name: `server_${id} ${uri}` })),
        resource_templates: has.uris
          .filter((uri) => uri.includes('{'))
          .map((uriTemplate) => ({ uriTemplate, name: `server_${id} ${uriTemplate}` })),
      }),
      part: {
        priority,
        tools: selected,
        overrides: override === null ? {} : { c: { name: override } },
      },
    })),
    record: {
      options: {
        tool_names: plain ? 'plain' : 'prefixed',
        substitute_arguments: false,
        server_instructions: true,
      },
    },
    ...(claims && { claims }),
    now,
  });
}

describe('what a vMCP lists, through any sequence of edits', () => {
  it('leads to exactly where it comes from, and never to anything else later on', async () => {
    const property = fc.property(fc.array(vmcpState, { minLength: 1, maxLength: 6 }), (states) => {
      let claims: NameClaimsRecord | undefined;
      const told = new Map<string, string>();
      states.forEach((state, step) => {
        const { compiled, ...result } = compile(state, claims, startOfTime + step * 86_400_000);
        claims = JSON.parse(JSON.stringify(result.claims)) as NameClaimsRecord;
        const note = (
          listed: unknown,
          origin: unknown,
          route: { serverId: string } | undefined,
          own?: string,
        ) => {
          assert.equal(`${route?.serverId} ${own}`, origin);
          told.set(String(listed), String(origin));
        };
        for (const { name, description } of [...compiled.tools, ...compiled.canonicalTools]) {
          const route = compiled.resolveTool(String(name));
          if (compiled.tools.some((tool) => tool.name === name))
            note(`tool ${name}`, description, route, route?.name);
          else assert.equal(`${route?.serverId} ${route?.name}`, description);
        }
        for (const { name, description } of compiled.prompts) {
          const route = compiled.resolvePrompt(String(name));
          note(`prompt ${name}`, description, route, route?.name);
        }
        for (const { uri, name } of compiled.resources) {
          const [route] = compiled.resolveResource(String(uri), undefined);
          note(`resource ${uri}`, name, route, route?.uri);
          assert.equal(compiled.listedUri(route?.serverId ?? '', route?.uri ?? ''), uri);
        }
        for (const { uriTemplate, name } of compiled.resourceTemplates) {
          const route = compiled.resolveTemplate(String(uriTemplate));
          note(`template ${uriTemplate}`, name, route, route?.uri);
        }
        for (const [listed, origin] of told) {
          const [kind, name = ''] = listed.split(' ', 2);
          const route =
            kind === 'tool'
              ? compiled.resolveTool(name)
              : kind === 'prompt'
                ? compiled.resolvePrompt(name)
                : undefined;
          if (route) assert.equal(`${route.serverId} ${route.name}`, origin);
        }
      });
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
