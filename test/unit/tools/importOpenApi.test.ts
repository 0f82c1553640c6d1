import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { httpToolSchema } from '../../../src/contract/customItems.ts';
import type { JsonObject } from '../../../src/contract/json.ts';
import { type ToolImport, toolImportSchema } from '../../../src/contract/toolImport.ts';
import { InvalidError } from '../../../src/server/appErrors.ts';
import { importTools } from '../../../src/server/tools/import/importTools.ts';

const shop = readFileSync(
  new URL('../../fixtures/imports/shop.openapi.yaml', import.meta.url),
  'utf8',
);

function operation(read: ToolImport, id: string) {
  const found = read.operations.find((one) => one.id === id);
  assert(found, `there is no ${id}`);
  return found;
}

function toolOf(read: ToolImport, id: string) {
  const { tool } = operation(read, id);
  assert(tool);
  return tool;
}

describe('an imported OpenAPI document', () => {
  const read = importTools({ text: shop });

  it('becomes valid tools, one for each operation that can be one', () => {
    assert.equal(read.format, 'openapi');
    assert.equal(read.title, 'Shop (demo)');
    assert.deepEqual(
      read.operations.map(({ id, tool, skipped }) => [id, tool?.name ?? skipped]),
      [
        ['GET /items/{item-id}', 'items_get'],
        ['PUT /items/{item-id}', 'put_items_item-id'],
        ['TRACE /items/{item-id}', 'TRACE is not supported'],
        ['POST /items/@me:import', 'import'],
        ['POST /search', 'search'],
        ['PATCH /raw/{undescribed}', 'search_2'],
        ['GET /broken', 'broken'],
        ['DELETE /broken', 'It is no object'],
      ],
    );
    assert.deepEqual(toolImportSchema.parse(read), read);
    for (const { tool } of read.operations) {
      if (tool) assert.deepEqual(httpToolSchema.parse(tool), tool);
    }
  });

  it('takes the address from the server, its variables from the configuration', () => {
    const { api_config } = toolOf(read, 'GET /items/{item-id}');
    assert.equal(
      api_config.url,
      'https://{{config.shop_demo_region}}.shop.example:{{config.shop_demo_port}}/v1/items/{item_id}',
    );
    assert.deepEqual(read.config, { shop_demo_region: 'eu', shop_demo_port: '8443' });
    assert.equal(
      toolOf(read, 'POST /items/@me:import').api_config.url.replace(/^.*\/v1/, ''),
      '/items/@@me:import',
    );
  });

  it('takes parameters over by place and style', () => {
    const tool = toolOf(read, 'GET /items/{item-id}');
    assert.deepEqual(tool.variables, [
      {
        ...{ name: 'item_id', type: 'int', required: true, description: 'Which one' },
        schema: { format: 'int64' },
      },
      { name: 'X_Request_Id', type: 'str', required: false, schema: { format: 'uuid' } },
      {
        ...{ name: 'fields', type: 'str', required: false },
        description: 'Several values, with commas between.',
      },
      { name: 'filter_color', type: 'str', required: false, enum: ['red', 'blue'] },
      { name: 'filter_size', type: 'int', required: false, schema: { minimum: 1 } },
      {
        ...{ name: 'tag', type: 'list', required: false, description: 'Of any of these' },
        schema: { items: { type: 'string' } },
      },
      { name: 'session', type: 'str', required: false },
    ]);
    assert.deepEqual(tool.api_config.headers, { 'X-Request-Id': '@param.X_Request_Id' });
    assert.deepEqual(tool.api_config.query_params, {
      fields: '@param.fields',
      'filter[color]': '@param.filter_color',
      'filter[size]': '@param.filter_size',
      tag: '@param.tag',
    });
    assert.deepEqual(tool.api_config.cookies, { session: '@param.session' });
    assert.equal(tool.description, 'Read an item\n\nWith all of its parts.');
    assert.deepEqual(tool.annotations, { readOnlyHint: true });
    assert.deepEqual(operation(read, 'GET /items/{item-id}').folder, ['items']);
  });

  it('makes an argument of each member of a JSON body, schemas that contain themselves cut', () => {
    const tool = toolOf(read, 'PUT /items/{item-id}');
    assert.deepEqual(tool.api_config.body, {
      name: '@param.name',
      price: '@param.price',
      parent: '@param.parent',
      parts: '@param.parts',
    });
    const byName = new Map(tool.variables.map((variable) => [variable.name, variable]));
    assert.deepEqual(byName.get('name'), {
      ...{ name: 'name', type: 'str', required: true, schema: { maxLength: 50 } },
    });
    assert.equal(byName.get('price')?.description, 'In euro');
    assert.deepEqual(byName.get('parts')?.schema, {
      items: { type: 'object', properties: { of: { type: 'object' }, name: { type: 'string' } } },
    });
    assert(JSON.stringify(byName.get('parent')).length < 2000);
  });

  it('sends forms, files and other bodies as they are described', () => {
    const form = toolOf(read, 'POST /search');
    assert.equal(form.api_config.body_type, 'form');
    assert.deepEqual(form.api_config.body, { q: '@param.q', limit: '@param.limit' });
    // A default is told and never sent: it would overwrite what is there.
    assert.deepEqual(form.variables[1], {
      ...{ name: 'limit', type: 'int', required: false, schema: { default: 10 } },
    });
    const files = toolOf(read, 'POST /items/@me:import');
    assert.equal(files.api_config.body_type, 'multipart');
    assert.deepEqual(
      files.variables.map(({ name, type, required }) => [name, type, required]),
      [
        ['file', 'dict', false],
        ['note', 'str', false],
      ],
    );
    const whole = toolOf(read, 'PATCH /raw/{undescribed}');
    assert.equal(whole.api_config.body, '@param.body');
    assert.deepEqual(whole.api_config.headers, { 'Content-Type': 'application/merge-patch+json' });
  });

  it('refers to credentials in the configuration', () => {
    assert.deepEqual(toolOf(read, 'GET /items/{item-id}').api_config.auth, {
      ...{ type: 'bearer', token: '@config.shop_demo_token' },
    });
    assert.deepEqual(toolOf(read, 'PUT /items/{item-id}').api_config.auth, { type: 'none' });
    const both = toolOf(read, 'POST /items/@me:import').api_config;
    assert.deepEqual(both.auth, {
      type: 'basic',
      username: '@config.shop_demo_login_username',
      password: '@config.shop_demo_login_password',
    });
    assert.deepEqual(both.query_params, { api_key: '@config.shop_demo_key' });
    assert.deepEqual(
      read.secrets.map(({ key }) => key),
      [
        'shop_demo_token',
        'shop_demo_login_username',
        'shop_demo_login_password',
        'shop_demo_key',
        'shop_demo_oauth_token',
      ],
    );
  });

  it('says for each operation what could not be taken over', () => {
    const notes = (id: string) => operation(read, id).notes.join('\n');
    assert.match(notes('GET /items/{item-id}'), /The server's "region" may be eu, us/);
    assert.match(notes('PUT /items/{item-id}'), /can be used without credentials/);
    assert.match(notes('POST /items/@me:import'), /deprecated/);
    assert.match(
      notes('POST /items/@me:import'),
      /Of multipart\/form-data, text\/csv the body is sent as/,
    );
    assert.match(notes('POST /search'), /token by OAuth/);
    assert.match(notes('PATCH /raw/{undescribed}'), /"undescribed" is not described/);
    assert.match(
      notes('PATCH /raw/{undescribed}'),
      /\(strange\) are of a kind that is not supported/,
    );
    const broken = notes('GET /broken');
    assert.match(broken, /"https:\/\/elsewhere.example\/parameters.yaml#\/Limit" leads nowhere/);
    assert.match(broken, /"#\/components\/parameters\/Circle" leads nowhere/);
    assert.match(broken, /query parameter "odd": Its schema cannot be followed/);
  });

  it('can be taken over in part, with the same names', () => {
    const part = importTools({ text: shop, operations: ['PATCH /raw/{undescribed}'] });
    assert.deepEqual(
      part.operations.map(({ tool }) => tool?.name),
      ['search_2'],
    );
    assert.deepEqual(part.secrets, []);
    const other = importTools({ text: shop, taken_names: ['SEARCH', 'search_2'] });
    assert.equal(toolOf(other, 'POST /search').name, 'search_3');
  });
});

describe('OpenAPI documents', () => {
  const minimal = (more: JsonObject) =>
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: { '/x': { get: {} } },
      ...more,
    });

  it('of version 2 are read, too', () => {
    const read = importTools({
      text: JSON.stringify({
        ...{
          swagger: '2.0',
          info: { title: 'Old', version: '1' },
          host: 'old.example',
          basePath: '/v2',
        },
        schemes: ['https'],
        securityDefinitions: { k: { type: 'apiKey', in: 'header', name: 'X-Key' } },
        security: [{ k: [] }],
        definitions: {
          P: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
        },
        paths: {
          '/p': {
            post: {
              parameters: [
                { in: 'body', name: 'b', required: true, schema: { $ref: '#/definitions/P' } },
              ],
            },
          },
        },
      }),
    });
    const { api_config, variables } = toolOf(read, 'POST /p');
    assert.equal(api_config.url, 'https://old.example/v2/p');
    assert.deepEqual(api_config.body, { a: '@param.a' });
    assert.deepEqual(variables, [{ name: 'a', type: 'str', required: true }]);
    assert.deepEqual(api_config.auth, {
      ...{ type: 'api_key', key: '@config.old_k_key', name: 'X-Key', in: 'header' },
    });
  });

  it('without an absolute address start where they are from, else where the user says', () => {
    const text = minimal({ servers: [{ url: '../v1' }] });
    const known = importTools({ text, source_url: 'https://h.example/api/docs/openapi.json' });
    assert.equal(toolOf(known, 'GET /x').api_config.url, 'https://h.example/api/v1/x');
    const unknown = importTools({ text: minimal({ servers: [{ url: '/v1' }] }) });
    assert.equal(toolOf(unknown, 'GET /x').api_config.url, '{{config.t_base_url}}/v1/x');
    assert.deepEqual(unknown.config, { t_base_url: '' });
    assert.match(operation(unknown, 'GET /x').notes.join(), /does not say where the API is/);
  });

  const broken: [string, string, string, string?][] = [
    ['text that is nothing', 'hello', 'The document is no JSON or YAML object', 'text: line 1'],
    [
      'another JSON file',
      '{"a": 1}',
      'This is no OpenAPI document: it has neither "openapi" nor "swagger" at its top',
    ],
    [
      'wrong YAML',
      'openapi: 3.0.0\npaths:\n  /x: [1\n  y: 2\n',
      'The document is neither JSON nor YAML',
      'text: line 4',
    ],
    [
      'wrong JSON',
      '{"openapi": "3.0.0",\n "paths": {"/x" 1}}',
      'The document is neither JSON nor YAML',
      'text: line 2',
    ],
    [
      'parameters that are null',
      '{"swagger":"2.0","paths":{"/a":{"get":{"parameters":[null]}}}}',
      'The OpenAPI document is not well-formed',
    ],
    ['a document in itself', 'openapi: 3.0.0\npaths: &p\n  /x: *p\n', 'too large once its aliases'],
    ['a YAML bomb', bomb(), 'too large once its aliases'],
  ];
  for (const [what, text, message, place = 'text'] of broken) {
    it(`that cannot be read say why: ${what}`, () => {
      assert.throws(
        () => importTools({ text, format: 'openapi' }),
        (error) => {
          assert(error instanceof InvalidError);
          assert(error.message.includes(message), error.message);
          assert(error.detail.startsWith(place), error.detail);
          return true;
        },
      );
    });
  }

  it('with names that objects inherit are read', () => {
    const text = `{"openapi":"3.1.0","info":{"title":"T"},"servers":[{"url":"https://h.example"}],"paths":{"/x":{"post":{
      "operationId":"constructor","parameters":[{"name":"__proto__","in":"query","schema":{"type":"string"}}],
      "requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"__proto__":{"type":"integer"},"toString":{}}}}}}}}}}`;
    const tool = toolOf(importTools({ text }), 'POST /x');
    assert.deepEqual(Object.keys(tool.api_config.query_params), ['__proto__']);
    assert.deepEqual(Object.keys(tool.api_config.body as object), ['__proto__', 'toString']);
    assert.equal(Object.getPrototypeOf(tool.api_config.query_params), Object.prototype);
  });
});

function bomb(): string {
  const lines = ['openapi: 3.0.0', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level <= 9; level += 1) {
    const items = Array.from({ length: 10 }, () => `*a${level - 1}`);
    lines.push(`a${level}: &a${level} [${items.join(', ')}]`);
  }
  return lines.join('\n');
}
