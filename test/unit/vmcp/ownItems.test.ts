import assert from 'node:assert/strict';
import { type CustomTool, customToolSchema } from '../../../src/contract/customItems.ts';
import { originOf } from '../../../src/server/vmcp/naming/claimLedger.ts';
import { resolveReference } from '../../../src/server/vmcp/naming/references.ts';
import { aCatalog, aServer, aTool, compileTest, namesOf } from './builders.ts';

function prompt(name: string, changes: Partial<CustomTool> = {}): CustomTool {
  return customToolSchema.parse({ tool_type: 'prompt', name, text: 'x', ...changes });
}

const resource = {
  name: 'notes.md',
  description: '',
  mime_type: 'text/markdown',
  text: 'x',
  file: null,
  uri: 'vmcp://vmcp_1/abc',
  updated_at: '2026-01-01T00:00:00.000Z',
};

const git = aServer('git');
const catalog = aCatalog(git.server_id, {
  tools: [aTool('add'), aTool('log')],
  prompts: [{ name: 'review' }],
  resources: [{ uri: 'repo://a', name: 'a' }],
});

describe('own items of a vMCP', () => {
  it('stand before those of servers, under their bare names', () => {
    const { compiled } = compileTest({
      servers: [{ server: git, catalog }],
      record: {
        custom_tools: [prompt('add'), prompt('off', { enabled: false })],
        custom_prompts: [{ name: 'review', description: '', variables: [], text: 'x' }],
        custom_resources: [resource],
      },
    });
    assert.deepEqual(namesOf(compiled.tools), ['add', 'git_add', 'git_log']);
    assert.deepEqual(namesOf(compiled.canonicalTools), ['vmcp.add', 'git.add', 'git.log']);
    assert.deepEqual(namesOf(compiled.prompts), ['review', 'add', 'git_review']);
    assert.deepEqual(namesOf(compiled.resources), ['notes.md', 'a']);
    assert.equal(compiled.resolveTool('vmcp.add')?.own?.name, 'add');
    assert.equal(compiled.resolveTool('off'), undefined);
    assert.equal(compiled.resolveResource(resource.uri, undefined)[0]?.own?.name, 'notes.md');
  });

  it('leave the name to the server’s tool that has it, and say so', () => {
    const servers = [{ server: git, catalog }];
    const options = { tool_names: 'plain' as const };
    const record = {
      options: { ...options, substitute_arguments: false, server_instructions: true },
    };
    const before = compileTest({ servers, record });
    const { compiled, issues } = compileTest({
      servers,
      record: { ...record, custom_tools: [prompt('log')] },
      claims: before.claims,
    });
    assert.deepEqual(namesOf(compiled.tools), ['vmcp_log', 'add', 'log']);
    assert.deepEqual(
      issues.map(({ path, refusal, problem }) => [path, refusal, problem.message]),
      [['custom_tools.0.name', 'conflict', 'the name "log" belongs to git.log']],
    );
  });

  it('keep their names for themselves for a while after they are gone', () => {
    const before = compileTest({ servers: [], record: { custom_tools: [prompt('add')] } });
    const record = {
      options: {
        ...{ tool_names: 'plain' as const, substitute_arguments: false },
        server_instructions: true,
      },
    };
    const { compiled, claims } = compileTest({
      servers: [{ server: git, catalog }],
      record,
      claims: before.claims,
    });
    assert.deepEqual(namesOf(compiled.tools), ['git_add', 'log']);
    const claim = claims.claims.tools.find(({ listed }) => listed === 'add');
    assert.equal(claim?.origin, originOf('vmcp', 'add'));
  });

  it('have no prompt and prompt tool of one name', () => {
    const { issues, compiled } = compileTest({
      servers: [],
      record: {
        custom_tools: [prompt('same')],
        custom_prompts: [{ name: 'same', description: '', variables: [], text: 'x' }],
      },
    });
    assert.deepEqual(namesOf(compiled.prompts), ['same']);
    assert.deepEqual(
      issues.map(({ path, refusal }) => [path, refusal]),
      [['custom_prompts.0.name', 'conflict']],
    );
  });

  it('stand before a server that is called like them', () => {
    const server = aServer('vmcp');
    const { compiled } = compileTest({
      servers: [{ server, catalog: aCatalog(server.server_id, { tools: [aTool('add')] }) }],
      record: { custom_tools: [prompt('add')] },
    });
    assert.ok(compiled.resolveTool('vmcp.add')?.own);
    assert.deepEqual(namesOf(compiled.tools), ['add', 'vmcp_add']);
  });

  it('with flaws stay listed, and the flaw is told with its place', () => {
    const tool = { ...prompt('open'), text: 'a\n {{#b}}' } as CustomTool;
    const { compiled, issues } = compileTest({ servers: [], record: { custom_tools: [tool] } });
    assert.deepEqual(namesOf(compiled.tools), ['open']);
    const [issue] = issues;
    assert.equal(issue?.path, 'custom_tools.0.text');
    assert.match(issue?.reason ?? '', /^line 2, column 2: /);
    assert.deepEqual(compiled.problems[0]?.server_id, 'vmcp');
  });

  it('change the revision of their lists alone', () => {
    const revisions = (record: Parameters<typeof compileTest>[0]['record']) =>
      compileTest({ servers: [], ...(record && { record }) }).compiled.revisions;
    const before = revisions({});
    const after = revisions({ custom_resources: [resource] });
    assert.notEqual(after.resources, before.resources);
    assert.equal(after.tools, before.tools);
  });
});

describe('references to items', () => {
  const spaced = aServer('My Server');
  const { compiled } = compileTest({
    servers: [
      { server: git, catalog },
      { server: spaced, catalog: aCatalog(spaced.server_id, { tools: [aTool('add')] }) },
    ],
    record: { custom_tools: [prompt('own')], custom_resources: [resource] },
  });

  for (const [kind, written, expected] of [
    ['tool', 'git.add', 'git.add'],
    ['tool', 'git_add', 'git_add'],
    ['tool', 'my_server.add', 'My Server.add'],
    ['tool', 'log', 'git.log'],
    ['tool', 'own', 'own'],
    ['tool', 'vmcp.own', 'vmcp.own'],
    ['prompt', 'review', 'git.review'],
    ['resource', 'git.repo://a', 'repo://a'],
    ['resource', 'repo://a', 'repo://a'],
    ['resource', 'vmcp.notes.md', resource.uri],
    ['resource', 'notes.md', resource.uri],
  ] as const) {
    it(`find ${kind} ${written}`, () => {
      assert.equal(resolveReference(compiled, kind, written), expected);
    });
  }

  for (const [kind, written, reason] of [
    ['tool', 'add', /several servers/],
    ['tool', 'git.nope', /“git” has no tool “nope”/],
    ['prompt', 'nope', /no such prompt/],
    ['resource', 'git.repo://b', /no resource/],
  ] as const) {
    it(`do not find ${kind} ${written}`, () => {
      assert.throws(() => resolveReference(compiled, kind, written), reason);
    });
  }
});
