import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { httpToolSchema } from '../../../src/contract/customItems.ts';
import { toolImportSchema } from '../../../src/contract/toolImport.ts';
import { InvalidError } from '../../../src/server/appErrors.ts';
import { checkHttpTool } from '../../../src/server/tools/http/checkHttpTool.ts';
import { importTools } from '../../../src/server/tools/import/importTools.ts';

const crm = readFileSync(
  new URL('../../fixtures/imports/crm.postman.json', import.meta.url),
  'utf8',
);

describe('an imported Postman collection', () => {
  const read = importTools({ text: crm });

  function operation(id: string) {
    const found = read.operations.find((one) => one.id === id);
    assert(found, `there is no ${id}`);
    return found;
  }

  function toolOf(id: string) {
    const { tool } = operation(id);
    assert(tool);
    return tool;
  }

  it('becomes valid tools, folder by folder', () => {
    assert.equal(read.format, 'postman');
    assert.deepEqual(
      read.operations.map(({ id, operation: what, folder, tool, skipped }) => [
        ...[id, what, folder.join('/'), tool?.name ?? skipped],
      ]),
      [
        [
          '1.1',
          'GET {{baseUrl}}/v{{version}}/contacts/:contactId/notes',
          'Contacts',
          'Get_a_contact',
        ],
        ['1.2', 'POST {{baseUrl}}/contacts', 'Contacts', 'Make_a_contact'],
        ['1.3', 'DELETE {{baseUrl}}/contacts/1', 'Contacts', 'Get_a_contact_2'],
        ['2.1', 'POST https://files.example/upload', 'Files', 'Upload'],
        ['2.2', 'POST https://files.example/token', 'Files', 'Login'],
        ['2.3', 'POST https://files.example/graphql', 'Files', 'Search'],
        ['3', 'OPTIONS Options', '', 'OPTIONS is not supported'],
        ['4', 'Nothing', '', 'It has no URL'],
      ],
    );
    assert.deepEqual(toolImportSchema.parse(read), read);
    for (const { tool } of read.operations) {
      if (!tool) continue;
      assert.deepEqual(httpToolSchema.parse(tool), tool);
      assert.deepEqual(checkHttpTool(tool), []);
    }
  });

  it('takes its variables into the configuration, and never a credential', () => {
    assert.deepEqual(read.config, { crm_baseurl: 'https://crm.example/api', crm_version: '2' });
    assert.deepEqual(
      read.secrets.map(({ key }) => key),
      [
        ...['crm_vault', 'crm_access_token', 'crm_password', 'crm_x_files_key'],
        ...['crm_client_secret', 'crm_username', 'crm_pw'],
      ],
    );
    const text = JSON.stringify(read);
    for (const literal of [
      'very-secret-token',
      'also-secret',
      'literal-key',
      'literal-secret',
      '"pw"',
      'joe',
    ]) {
      assert(!text.includes(literal), literal);
    }
  });

  it('makes arguments of path variables and of the query', () => {
    const { variables, api_config, description } = toolOf('1.1');
    assert.equal(description, 'One contact by its id.');
    assert.equal(
      api_config.url,
      '{{config.crm_baseurl}}/v{{config.crm_version}}/contacts/{contactId}/notes',
    );
    assert.deepEqual(api_config.headers, {
      'X-Trace': '@config.crm_vault',
      'Accept-Language': 'v{{config.crm_version}}; mail=a@@b.example',
    });
    assert.deepEqual(api_config.query_params, {
      expand: '@param.expand',
      page_token: '@param.page_token',
      q: '@param.q',
      limit: '@param.limit',
    });
    assert.deepEqual(
      variables.map(({ name, required, default: value }) => [name, required, value]),
      [
        ['contactId', true, undefined],
        ['expand', false, 'all'],
        ['page_token', true, undefined],
        ['q', false, undefined],
        ['limit', false, undefined],
      ],
    );
  });

  it('inherits credentials from folders and the collection', () => {
    assert.deepEqual(toolOf('1.1').api_config.auth, {
      type: 'bearer',
      token: '@config.crm_access_token',
    });
    assert.deepEqual(toolOf('1.3').api_config.auth, { type: 'none' });
    assert.deepEqual(toolOf('2.1').api_config.auth, {
      ...{ type: 'api_key', name: 'X-Files-Key', key: '@config.crm_x_files_key', in: 'header' },
    });
    assert.deepEqual(toolOf('2.2').api_config.auth, {
      ...{ type: 'basic', username: '@config.crm_username', password: '@config.crm_pw' },
    });
  });

  it('makes arguments of the members of JSON bodies', () => {
    const { api_config, variables } = toolOf('1.2');
    assert.deepEqual(api_config.body, {
      name: '@param.name',
      age: '@param.age',
      tags: '@param.tags',
      owner: '@param.ownerId',
      nick: '@param.nick',
      address: { city: '@param.city' },
      password: '@config.crm_password',
    });
    const byName = new Map(variables.map((variable) => [variable.name, variable]));
    assert.deepEqual(byName.get('name'), {
      ...{ name: 'name', type: 'str', required: false, default: 'Ada @home' },
    });
    assert.equal(byName.get('age')?.type, 'int');
    assert.equal(byName.get('tags')?.type, 'list');
    assert.equal(byName.get('nick')?.required, true);
    assert.equal(byName.get('ownerId')?.required, true);
  });

  it('knows forms, files and GraphQL', () => {
    assert.deepEqual(toolOf('2.1').api_config.body, { note: '@param.note', file: '@param.file' });
    assert.equal(toolOf('2.1').api_config.body_type, 'multipart');
    assert.deepEqual(toolOf('2.2').api_config.body, {
      grant_type: '@param.grant_type',
      client_secret: '@config.crm_client_secret',
    });
    assert.equal(toolOf('2.2').api_config.body_type, 'form');
    assert.deepEqual(toolOf('2.3').api_config.body, {
      query: 'query($n: Int) { items(n: $n) { id } }',
      variables: '@param.variables',
    });
  });

  it('says what is left out', () => {
    assert.deepEqual(read.notes, ['The scripts of the collection are left out.']);
    assert.deepEqual(operation('1.2').notes, ['Its scripts are left out.']);
    assert.match(operation('2.3').notes.join(), /of the kind "digest", which is not supported/);
  });
});

describe('Postman collections', () => {
  it('that are none say so', () => {
    assert.throws(() => importTools({ text: '{"info":{}}', format: 'postman' }), {
      name: 'InvalidError',
      message: /no Postman collection of version 2/,
    });
  });

  it('of odd content are read as far as they can be', () => {
    const text = JSON.stringify({
      info: { name: 'Odd', schema: 'https://schema.getpostman.com/x' },
      item: [
        null,
        7,
        { name: 'text', request: 'https://h.example/{{x}}?a={{$guid}}' },
        { name: 'bad', request: { url: { host: ['h', 'example'], path: 'p', query: [null, {}] } } },
        { name: 'none', request: { url: null } },
      ],
    });
    const read = importTools({ text });
    assert.deepEqual(
      read.operations.map(({ tool, skipped }) => tool?.api_config.url ?? skipped),
      ['https://h.example/{{param.x}}', 'h.example/p', 'It has no URL'],
    );
    assert.deepEqual(read.operations[0]?.tool?.api_config.query_params, { a: '@param.guid' });
  });

  it('have URLs in every spelling, whose credentials become secrets', () => {
    const item = (url: unknown) => ({ name: 'x', request: { url } });
    const text = JSON.stringify({
      info: { name: 'Urls', schema: 'https://schema.getpostman.com/x' },
      item: [
        item('https://joe:pw@h.example:8443/a%20b?q=x%20y+z#part'),
        item({
          protocol: 'https',
          host: 'h.example',
          port: '81',
          path: ['a', { type: 'string', value: ':id' }],
        }),
      ],
    });
    const { operations } = importTools({ text });
    const [whole, parts] = operations.map(({ tool }) => tool);
    assert.equal(whole?.api_config.url, 'https://h.example:8443/a%20b');
    assert.equal(whole?.variables[0]?.default, 'x y z');
    assert.equal(whole?.api_config.auth.type, 'basic');
    assert(!JSON.stringify(operations).includes('pw'));
    assert.equal(parts?.api_config.url, 'https://h.example:81/a/{id}');
  });

  it('with anything anywhere are read or refused with a reason', () => {
    const junk = [null, 7, true, [], {}, [null], [[1]], '{{', '__proto__', [{ key: 1, value: {} }]];
    for (const [at, path] of pathsIn(JSON.parse(crm)).entries()) {
      for (const value of junk.filter((_, index) => (at + index) % 8 === 0)) {
        const text = JSON.stringify(withValue(JSON.parse(crm), path, value));
        try {
          toolImportSchema.parse(importTools({ text, format: 'postman' }));
        } catch (error) {
          assert(error instanceof InvalidError, `${path.join('.')} = ${JSON.stringify(value)}`);
        }
      }
    }
  });
});

/** Where every value of a document stands. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]));
  return path.length > 0 ? [path, ...inside] : inside;
}

function withValue(document: unknown, path: readonly string[], value: unknown): unknown {
  let holder = document as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path.at(-1) ?? ''] = value;
  return document;
}
