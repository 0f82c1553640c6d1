import assert from 'node:assert/strict';
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../../src/contract/json.ts';
import { compileVmcp } from '../../../src/server/vmcp/compile/compile.ts';
import {
  aCatalog,
  aPart,
  aServer,
  aTool,
  aVmcp,
  compileTest,
  kinds,
  namesOf,
  startOfTime,
} from './builders.ts';

const files = aServer('files');
const web = aServer('web');

describe('a compiled vMCP', () => {
  it('lists tools by priority, then as the server does, and finds them by both names', () => {
    const { compiled } = compileTest({
      servers: [
        {
          server: files,
          catalog: aCatalog(files.server_id, { tools: [aTool('z'), aTool('a')] }),
          part: { priority: 2 },
        },
        { server: web, catalog: aCatalog(web.server_id, { tools: [aTool('get')] }) },
      ],
    });
    assert.deepEqual(namesOf(compiled.tools), ['web_get', 'files_z', 'files_a']);
    assert.deepEqual(namesOf(compiled.canonicalTools), ['web.get', 'files.z', 'files.a']);
    assert.deepEqual(compiled.serverIds, ['server_web', 'server_files']);
    const route = compiled.resolveTool('files.z');
    assert.equal(compiled.resolveTool('files_z'), route);
    assert.deepEqual([route?.serverId, route?.name], ['server_files', 'z']);
    assert.equal(compiled.resolveTool('z'), undefined);
  });

  it('neither lists nor finds what is not selected, nor anything of a disabled server', () => {
    const tools = [aTool('read'), aTool('write')];
    const off = aServer('off', { enabled: false });
    const { compiled } = compileTest({
      servers: [
        {
          server: files,
          catalog: aCatalog(files.server_id, { tools }),
          part: { tools: ['read', 'gone'] },
        },
        { server: off, catalog: aCatalog(off.server_id, { tools }) },
      ],
    });
    assert.deepEqual(namesOf(compiled.tools), ['files_read']);
    assert.equal(compiled.resolveTool('files_write'), undefined);
    assert.equal(compiled.resolveTool('files.write'), undefined);
    assert.equal(compiled.resolveTool('off.read'), undefined);
    assert.deepEqual(compiled.serverIds, ['server_files']);
    assert.deepEqual(compiled.problems, [
      { server_id: 'server_files', tool: 'gone', message: 'files has no tool "gone"' },
    ]);
  });

  it('passes on everything that a tool says, save what the vMCP says differently', () => {
    const tool = aTool('read', {
      title: 'Read',
      description: 'Reads',
      outputSchema: { type: 'object', properties: {} },
      annotations: { title: 'Read!', readOnlyHint: true },
      icons: [{ src: 'x' }],
      execution: { taskSupport: 'optional' },
      _meta: { a: 1 },
      future: { b: 2 },
    });
    const compile = (overrides: Parameters<typeof aPart>[1]) =>
      compileTest({
        servers: [
          {
            server: files,
            catalog: aCatalog(files.server_id, { tools: [tool] }),
            part: overrides ?? {},
          },
        ],
      }).compiled.tools[0];
    assert.deepEqual(compile({}), { ...tool, name: 'files_read' });
    assert.deepEqual(
      compile({ overrides: { read: { name: 'cat', title: 'Cat', description: 'Prints' } } }),
      {
        ...tool,
        name: 'files_cat',
        title: 'Cat',
        description: 'Prints',
        annotations: { title: 'Cat', readOnlyHint: true },
      },
    );
  });

  it('mends what would make clients reject the whole list', () => {
    const tools = [
      { name: 'bare' },
      { name: 'empty', inputSchema: {} },
      { name: 'wrong', inputSchema: [], outputSchema: 'x', description: 5, icons: {}, _meta: null },
      { name: 'odd', inputSchema: { type: 'object', required: 'a', properties: [] } },
      { name: '' },
      { name: 7 },
      { name: 'bare', description: 'again' },
    ] as JsonObject[];
    const { compiled } = compileTest({
      servers: [{ server: files, catalog: aCatalog(files.server_id, { tools }) }],
    });
    const inputSchema = { type: 'object' };
    assert.deepEqual(compiled.tools, [
      { name: 'files_bare', inputSchema },
      { name: 'files_empty', inputSchema },
      { name: 'files_wrong', inputSchema },
      { name: 'files_odd', inputSchema },
    ]);
    ListToolsResultSchema.parse({ tools: compiled.tools });
  });

  it('treats tools named like members of objects as any others', () => {
    const tools = ['__proto__', 'constructor', 'toString'].map((name) => aTool(name));
    const { compiled } = compileTest({
      servers: [{ server: files, catalog: aCatalog(files.server_id, { tools }) }],
    });
    assert.deepEqual(namesOf(compiled.tools), [
      'files___proto__',
      'files_constructor',
      'files_toString',
    ]);
    assert.equal(compiled.resolveTool('files.constructor')?.name, 'constructor');
    assert.equal(compiled.resolveTool('constructor'), undefined);
    assert.deepEqual(compiled.problems, []);
  });

  it('tells of overrides that no longer fit, and keeps the tool', () => {
    const inputSchema = { type: 'object', properties: { a: {} }, not: { required: ['a'] } };
    const { compiled, issues } = compileTest({
      servers: [
        {
          server: files,
          catalog: aCatalog(files.server_id, { tools: [aTool('add', { inputSchema })] }),
          part: { overrides: { add: { arguments: { a: { value: 1 } } }, gone: { title: 'x' } } },
        },
      ],
    });
    assert.deepEqual(namesOf(compiled.tools), ['files_add']);
    assert.deepEqual(compiled.resolveTool('files_add')?.applyArguments({}), { a: 1 });
    assert.deepEqual(
      issues.map(({ path, refusal, problem }) => [path, refusal, problem.message]),
      [
        [
          'mcp_servers.0.overrides.gone',
          undefined,
          'files has no tool "gone"; its override has no effect',
        ],
        [
          'mcp_servers.0.overrides.add.arguments.a',
          'invalid',
          'also used in inputSchema.not.required',
        ],
      ],
    );
  });

  it('lists and finds prompts like tools', () => {
    const prompts = [
      { name: 'review', arguments: [{ name: 'x' }] },
      { name: 'bad', arguments: {} },
    ];
    const { compiled } = compileTest({
      servers: [{ server: files, catalog: aCatalog(files.server_id, { prompts } as never) }],
      record: {
        options: { tool_names: 'plain', substitute_arguments: false, server_instructions: true },
      },
    });
    assert.deepEqual(compiled.prompts, [
      { name: 'review', arguments: [{ name: 'x' }] },
      { name: 'bad' },
    ]);
    assert.deepEqual(namesOf(compiled.canonicalPrompts), ['files.review', 'files.bad']);
    assert.equal(compiled.resolvePrompt('files.review')?.listedName, 'review');
  });

  it('tells clients the system prompt and what the servers say of themselves', () => {
    const servers = [
      { server: files, catalog: aCatalog(files.server_id, { instructions: 'Use paths.\n' }) },
    ];
    const { compiled } = compileTest({ servers, record: { system_prompt: 'Be kind.' } });
    assert.equal(compiled.instructions, 'Be kind.\n\n## files\n\nUse paths.');
    const options = {
      tool_names: 'prefixed',
      substitute_arguments: false,
      server_instructions: false,
    } as const;
    assert.equal(compileTest({ servers, record: { options } }).compiled.instructions, '');
  });

  it('declares its own features always, and tasks and extensions of all its servers', () => {
    const { compiled } = compileTest({
      servers: [
        {
          server: files,
          catalog: aCatalog(files.server_id, {
            capabilities: { tasks: { list: {} }, experimental: { x: 1 } },
          }),
        },
        {
          server: web,
          catalog: aCatalog(web.server_id, {
            capabilities: {
              tasks: { requests: { tools: { call: {} } } },
              experimental: { x: 2, y: {} },
            },
          }),
        },
      ],
    });
    assert.deepEqual(compiled.capabilities, {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
      completions: {},
      tasks: { list: {}, requests: { tools: { call: {} } } },
      experimental: { x: 1, y: {} },
    });
  });

  it('has revisions that change with the lists, each with its own', () => {
    const compile = (tools: JsonObject[], prompts: JsonObject[]) =>
      compileTest({
        servers: [{ server: files, catalog: aCatalog(files.server_id, { tools, prompts }) }],
      }).compiled;
    const before = compile([aTool('a')], []);
    assert.deepEqual(compile([aTool('a')], []).revisions, before.revisions);
    const after = compile([aTool('a'), aTool('b')], []);
    assert.notEqual(after.revision, before.revision);
    assert.notEqual(after.revisions.tools, before.revisions.tools);
    assert.equal(after.revisions.prompts, before.revisions.prompts);
  });

  it('keeps working under a name that was listed before the option changed', () => {
    const servers = [
      { server: files, catalog: aCatalog(files.server_id, { tools: [aTool('read')] }) },
    ];
    const { claims } = compileTest({ servers });
    const options = {
      tool_names: 'plain',
      substitute_arguments: false,
      server_instructions: true,
    } as const;
    const { compiled } = compileTest({ servers, claims, record: { options } });
    assert.deepEqual(namesOf(compiled.tools), ['read']);
    assert.equal(compiled.resolveTool('files_read')?.listedName, 'read');
  });

  it('is made of 20 servers with 50 tools each in less than 20 ms of processor time', () => {
    const servers = Array.from({ length: 20 }, (_, n) => aServer(`server ${n}`));
    const properties = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [
        `argument${n}`,
        { type: 'string', description: 'd'.repeat(60) },
      ]),
    );
    const tools = Array.from({ length: 50 }, (_, n) =>
      aTool(`tool_${n}`, {
        description: 'x'.repeat(300),
        inputSchema: { type: 'object', properties },
      }),
    );
    const overrides = { tool_1: { arguments: { argument1: { value: 'x' } } } };
    const catalogs = new Map(
      servers.map(({ server_id }) => [server_id, aCatalog(server_id, { tools })]),
    );
    const input = {
      record: aVmcp({
        mcp_servers: servers.map(({ server_id }) => aPart(server_id, { overrides })),
      }),
      server: (id: string) => servers.find(({ server_id }) => server_id === id),
      catalog: (id: string) => catalogs.get(id),
      serverName: 'x',
      kinds,
      held: () => new Set<string>(),
      now: startOfTime,
    };
    const { claims } = compileVmcp({ ...input, claims: undefined });
    const times = Array.from({ length: 20 }, () => {
      const start = process.cpuUsage();
      compileVmcp({ ...input, claims });
      return process.cpuUsage(start).user / 1_000;
    });
    assert.ok(Math.min(...times) < 20, `took ${Math.min(...times)} ms`);
  });
});
