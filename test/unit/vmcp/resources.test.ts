import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/contract/json.ts';
import { aCatalog, aServer, aTool, compileTest } from './builders.ts';

const a = aServer('a');
const b = aServer('b');
const resource = (uri: string) => ({ uri, name: uri });
const template = (uriTemplate: string) => ({ uriTemplate, name: uriTemplate });

/** Two servers that both have `x://1` and the template `x://{id}`. */
function contested() {
  const own = { resources: [resource('x://1')], resource_templates: [template('x://{id}')] };
  const ui = aTool('show', { _meta: { ui: { resourceUri: 'x://1' } } });
  return compileTest({
    servers: [
      { server: a, catalog: aCatalog(a.server_id, own) },
      { server: b, catalog: aCatalog(b.server_id, { ...own, tools: [ui] }) },
    ],
  }).compiled;
}

describe('resources of a vMCP', () => {
  it('are passed on as they are, with a name where there is none', () => {
    const full = {
      uri: 'x://1',
      name: 'one',
      size: 3,
      annotations: { audience: ['user'] },
      new: 1,
    };
    const { compiled } = compileTest({
      servers: [
        { server: a, catalog: aCatalog(a.server_id, { resources: [full, { uri: 'x://2' }] }) },
      ],
    });
    assert.deepEqual(compiled.resources, [full, { uri: 'x://2', name: 'x://2' }]);
    assert.deepEqual(compiled.resolveResource('x://1', undefined), [
      { serverId: a.server_id, uri: 'x://1' },
    ]);
    const result = { contents: [{ uri: 'x://1', text: '' }] };
    assert.equal(compiled.rewriteUris(a.server_id, result), result);
  });

  it('of two servers lead each to its own, listed and by template', () => {
    const compiled = contested();
    const [ofA, ofB] = compiled.resources.map(({ uri }) => String(uri));
    assert.equal(ofA, 'x://1');
    assert.deepEqual(compiled.resolveResource(ofA ?? '', undefined), [
      { serverId: a.server_id, uri: 'x://1' },
    ]);
    assert.deepEqual(compiled.resolveResource(ofB ?? '', undefined), [
      { serverId: b.server_id, uri: 'x://1' },
    ]);
    const [templateA, templateB] = compiled.resourceTemplates.map((t) => String(t.uriTemplate));
    assert.deepEqual(compiled.resolveTemplate(templateA ?? ''), {
      serverId: a.server_id,
      uri: 'x://{id}',
    });
    assert.deepEqual(compiled.resolveTemplate(templateB ?? ''), {
      serverId: b.server_id,
      uri: 'x://{id}',
    });
    const expanded = templateB?.replace('{id}', '9') ?? '';
    assert.deepEqual(compiled.resolveResource(expanded, undefined), [
      { serverId: b.server_id, uri: 'x://9' },
    ]);
  });

  it('are rewritten wherever their server mentions them', () => {
    const compiled = contested();
    const listed = compiled.listedUri(b.server_id, 'x://1');
    const other = compiled.listedUri(b.server_id, 'x://9');
    assert.match(listed, /^vmcp\+b\.[0-9a-f]{10}\+x:\/\/1$/);
    assert.match(other, /^vmcp\+b\.[0-9a-f]{10}\+x:\/\/9$/);
    const resultWith = (one: string, nine: string): JsonObject => ({
      uri: one,
      contents: [{ uri: one, text: 'x://1' }],
      content: [
        { type: 'resource_link', uri: nine, name: 'x' },
        { type: 'resource', resource: { uri: one, text: '' } },
        { type: 'text', text: 'x://1' },
        { type: 'tool_result', toolUseId: '1', content: [{ type: 'resource_link', uri: one }] },
      ],
      messages: [{ role: 'user', content: { type: 'resource', resource: { uri: one, blob: '' } } }],
      _meta: { ui: { resourceUri: one }, 'ui/resourceUri': one, other: 'x://1' },
      structuredContent: { uri: 'x://1' },
    });
    const original = resultWith('x://1', 'x://9');
    assert.deepEqual(compiled.rewriteUris(b.server_id, original), resultWith(listed, other));
    assert.deepEqual(original, resultWith('x://1', 'x://9'));
    assert.equal(compiled.rewriteUris(a.server_id, original), original);
    assert.deepEqual(compiled.tools[0]?._meta, { ui: { resourceUri: listed } });
  });

  it('that only one server lists are not taken for those of another that mentions the same', () => {
    const { compiled } = compileTest({
      servers: [
        { server: a, catalog: aCatalog(a.server_id, { resources: [resource('x://1')] }) },
        { server: b, catalog: aCatalog(b.server_id) },
      ],
    });
    const listed = compiled.listedUri(b.server_id, 'x://1');
    assert.notEqual(listed, 'x://1');
    assert.deepEqual(compiled.resolveResource(listed, b.server_id), [
      { serverId: b.server_id, uri: 'x://1' },
    ]);
    assert.deepEqual(compiled.resolveResource(listed, undefined), []);
  });

  it('that are not listed are tried where they were mentioned, then at templates, best first', () => {
    const { compiled } = compileTest({
      servers: [
        {
          server: a,
          catalog: aCatalog(a.server_id, {
            resource_templates: [template('x://{+rest}'), template('y://{id}')],
          }),
        },
        {
          server: b,
          catalog: aCatalog(b.server_id, { resource_templates: [template('x://docs/{id}')] }),
        },
        { server: aServer('c'), catalog: aCatalog('server_c') },
      ],
    });
    const servers = (uri: string, mentionedBy?: string) =>
      compiled.resolveResource(uri, mentionedBy).map(({ serverId }) => serverId);
    assert.deepEqual(servers('x://docs/1'), ['server_b', 'server_a']);
    assert.deepEqual(servers('x://docs/1', 'server_c'), ['server_c', 'server_b', 'server_a']);
    assert.deepEqual(servers('x://docs/1', 'server_of_another_vmcp'), ['server_b', 'server_a']);
    assert.deepEqual(servers('z://1'), []);
  });

  it('that are not selected are reached by no way', () => {
    const catalog = aCatalog(a.server_id, {
      resources: [resource('x://1'), resource('x://2')],
      resource_templates: [template('x://{id}'), template('y://{id}')],
    });
    const { compiled } = compileTest({
      servers: [{ server: a, catalog, part: { resources: ['x://1', 'x://{id}'] } }],
    });
    assert.deepEqual(
      compiled.resources.map(({ uri }) => uri),
      ['x://1'],
    );
    assert.deepEqual(compiled.resolveResource('x://2', undefined), []);
    assert.deepEqual(compiled.resolveResource('x://2', a.server_id), []);
    assert.deepEqual(compiled.resolveResource('y://1', undefined), []);
    assert.equal(compiled.resolveTemplate('y://{id}'), undefined);
    assert.equal(compiled.resolveResource('x://3', undefined).length, 1);
  });

  it('that were listed lead, as long as clients may know them, to their server or nowhere', () => {
    const templates = { resource_templates: [template('x://{id}')] };
    const had = { server: a, catalog: aCatalog(a.server_id, { resources: [resource('x://1')] }) };
    const other = { server: b, catalog: aCatalog(b.server_id, templates) };
    const { claims } = compileTest({ servers: [had, other] });
    const gone = compileTest({ servers: [other], claims });
    assert.deepEqual(gone.compiled.resolveResource('x://1', undefined), []);
    assert.equal(gone.compiled.resolveResource('x://2', undefined).length, 1);
    const listed = gone.compiled.listedUri(b.server_id, 'x://1');
    assert.deepEqual(gone.compiled.resolveResource(listed, b.server_id), [
      { serverId: b.server_id, uri: 'x://1' },
    ]);
    const unlisted = { server: a, catalog: aCatalog(a.server_id, templates) };
    const { compiled } = compileTest({ servers: [unlisted, other], claims });
    assert.deepEqual(compiled.resolveResource('x://1', undefined), [
      { serverId: a.server_id, uri: 'x://1' },
    ]);
  });
});
