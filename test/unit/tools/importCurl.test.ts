import assert from 'node:assert/strict';
import fc from 'fast-check';
import { httpToolSchema } from '../../../src/contract/customItems.ts';
import { toolImportSchema } from '../../../src/contract/toolImport.ts';
import { shellCommands } from '../../../src/server/tools/import/curl/shellCommands.ts';
import { importTools } from '../../../src/server/tools/import/importTools.ts';

function one(text: string) {
  const read = importTools({ text });
  assert.equal(read.format, 'curl');
  assert.deepEqual(toolImportSchema.parse(read), read);
  const [operation] = read.operations;
  assert(operation?.tool);
  assert.deepEqual(httpToolSchema.parse(operation.tool), operation.tool);
  return { read, operation, tool: operation.tool, api: operation.tool.api_config };
}

describe('shell commands', () => {
  const cases: [string, string[][]][] = [
    ['a  b\\ c "d e" \'f"g\'', [['a', 'b c', 'd e', 'f"g']]],
    ['a \\\n  b \\\r\n c', [['a', 'b', 'c']]],
    ['a; b && c | d\ne', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ["a $'x\\'y\\n\\u00e9\\x41' ''", [['a', "x'y\néA", '']]],
    ['a "q \\" \\$x \\\\ \\n"', [['a', 'q " $x \\ \\n']]],
    ['a # comment\nb x#y', [['a'], ['b', 'x#y']]],
    ['a > out.txt 2>&1 b', [['a', 'b']]],
    ['a"b"\'c\'d', [['abcd']]],
    ['a\t?x=1', [['a', '?x=1']]],
    ['a x/{b,c}[1-3]/*', [['a', 'x/{b,c}[1-3]/*']]],
    ['if a; then b; fi; for i in 1 2; do c; done', [['a'], ['b'], ['c']]],
    ['a -d @- <<END b\n{"c": 1}\nEND\nd', [['a', '-d', '@-', 'b'], ['d']]],
  ];
  for (const [text, expected] of cases) {
    it(`are read: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(shellCommands(text), expected);
    });
  }

  it('are read back as they were quoted', () => {
    const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !/[\ue000\ue001]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        assert.deepEqual(shellCommands(words.map(quote).join(' ')), [words]);
      }),
    );
  });

  it('with a quote that is never closed say where', () => {
    assert.throws(() => shellCommands('curl a\n  "b'), {
      message: 'The command line cannot be read: unterminated double quote',
      detail: 'text: line 2, column 3',
    });
  });
});

describe('an imported curl line', () => {
  it('becomes a tool that sends the same where nothing is given', () => {
    const { tool, api, operation } = one(
      'curl "https://api.example/users/7?page=2&q=a%20b" -H "Accept: text/plain" -A me/1 -e https://x.example --compressed -sSL',
    );
    assert.equal(operation.operation, 'GET https://api.example/users/7');
    assert.equal(tool.name, 'get_users_7');
    assert.equal(api.url, 'https://api.example/users/7');
    assert.deepEqual(api.headers, {
      Accept: 'text/plain',
      'User-Agent': 'me/1',
      Referer: 'https://x.example',
    });
    assert.deepEqual(api.query_params, { page: '@param.page', q: '@param.q' });
    assert.deepEqual(
      tool.variables.map(({ name, default: value }) => [name, value]),
      [
        ['page', '2'],
        ['q', 'a b'],
      ],
    );
    assert.deepEqual(operation.notes, []);
  });

  it('with JSON has an argument for each member', () => {
    const { api, tool } = one(
      `$ curl -XPUT https://api.example/x --json $'{"text":"it\\'s","n":1.5}' -m 12.5`,
    );
    assert.equal(api.method, 'PUT');
    assert.equal(api.body_type, 'json');
    assert.deepEqual(api.body, { text: '@param.text', n: '@param.n' });
    assert.deepEqual(api.headers, { Accept: 'application/json' });
    assert.equal(api.timeout_s, 13);
    assert.deepEqual(tool.variables[0]?.default, "it's");
    const said = one(`curl h.example -d '{"a":1}'`);
    assert.deepEqual(said.api.body, { a: '@param.a' });
    assert.match(said.operation.notes.join(), /sent as JSON/);
  });

  it('with form data posts it, or puts it into the query', () => {
    const post = one(
      "curl https://h.example/f -d 'a=1&b=x%20y' --data-urlencode 'c=d&e' --data-raw @=1",
    );
    assert.equal(post.api.method, 'POST');
    assert.equal(post.api.body_type, 'form');
    assert.deepEqual(
      post.tool.variables.map(({ default: value }) => value),
      ['1', 'x y', 'd&e', '1'],
    );
    const get = one("curl -G https://h.example/f -d a=1 --data-urlencode 'q=x y'");
    assert.equal(get.api.method, 'GET');
    assert.deepEqual(Object.keys(get.api.query_params), ['a', 'q']);
    assert.equal(get.api.body, undefined);
  });

  it('with a form of parts has files as arguments', () => {
    const { api, tool } = one(
      'curl https://h.example -F file=@a.png -F "n=hi;type=text/plain" --form-string s=@x',
    );
    assert.equal(api.body_type, 'multipart');
    assert.deepEqual(
      tool.variables.map(({ name, type, default: value }) => [name, type, value]),
      [
        ['file', 'dict', undefined],
        ['n', 'str', 'hi'],
        ['s', 'str', '@x'],
      ],
    );
  });

  it('with other bodies sends them as they are', () => {
    const { api } = one("curl https://h.example -H 'Content-Type: text/xml' -d '<a b=\"c@d\"/>'");
    assert.equal(api.body_type, 'text');
    assert.equal(api.body, '<a b="c@@d"/>');
    const file = one('curl https://h.example -d @body.json -H "content-type: application/json"');
    assert.equal(file.api.body, '@param.body');
    assert.match(file.operation.notes.join(), /file "body.json" is an argument/);
  });

  it('never holds a credential', () => {
    const { read, api } = one(
      `curl -u 'joe:pw1' -H 'X-Api-Key: pw2' -H "Authorization: Bearer $TOKEN" -b 'sid=pw3; t=pw4' ` +
        `'https://h.example/?api_key=pw5' --data-raw 'client_secret=pw6'`,
    );
    assert(!/joe|pw\d/.test(JSON.stringify(read)));
    assert.deepEqual(api.auth, {
      ...{
        type: 'basic',
        username: '@config.h_example_username',
        password: '@config.h_example_password',
      },
    });
    assert.equal(api.headers.Authorization, 'Bearer @config.h_example_token');
    assert.deepEqual(read.secrets.map(({ key }) => key.replace('h_example_', '')).sort(), [
      ...['api_key', 'client_secret', 'password', 'sid', 't', 'token', 'username', 'x_api_key'],
    ]);
    assert.equal(one('curl h.example --oauth2-bearer pw').api.auth.type, 'bearer');
  });

  it('takes variables of the shell from the configuration or as arguments', () => {
    const { api, read, tool } = one(
      `export BASE=https://h.example\nAPI_KEY=abc ID=5\ncurl "$BASE/v1/\${ID}x/$NAME" -H "X-Key: $API_KEY" -d name="$NAME" -d c=$(cat x)`,
    );
    assert.equal(api.url, '{{config.curl_base}}/v1/{{config.curl_id}}x/{{param.NAME}}');
    assert.deepEqual(read.config, { curl_base: 'https://h.example', curl_id: '5' });
    assert.deepEqual(api.headers, { 'X-Key': '@config.curl_api_key' });
    assert.deepEqual(api.body, { name: '@param.NAME', c: '@param.command_output' });
    assert.deepEqual(
      tool.variables.map(({ name, required }) => [name, required]),
      [
        ['NAME', true],
        ['command_output', true],
      ],
    );
  });

  it('says what is left out', () => {
    const { operation } = one(
      'curl -k -x http://proxy:1 --cert me.pem --strange -T f https://h.example',
    );
    assert.deepEqual(operation.notes, [
      '-k is left out.',
      '-x is left out, with its value.',
      '--cert is left out, with its value.',
      '--strange is left out.',
      '-T is left out, with its value.',
    ]);
  });
});

describe('several curl lines', () => {
  it('become several tools; other commands are told', () => {
    const read = importTools({
      text: [
        'curl https://a.example/1 | jq .',
        'curl -I https://a.example/2 https://b.example/2 --next -X DELETE https://b.example/3',
        'curl -X OPTIONS https://a.example/4',
      ].join('\n'),
    });
    assert.deepEqual(
      read.operations.map(({ id, operation, tool, skipped }) => [
        id,
        operation,
        tool?.name ?? skipped,
      ]),
      [
        ['1', 'GET https://a.example/1', 'get_1'],
        ['2', 'jq .', '"jq" is no curl command'],
        ['3', 'HEAD https://a.example/2', 'head_2'],
        ['4', 'HEAD https://b.example/2', 'head_2_2'],
        ['5', 'DELETE https://b.example/3', 'delete_3'],
        ['6', 'curl -X OPTIONS', 'OPTIONS is not supported'],
      ],
    );
  });

  it('never share a key for different credentials', () => {
    const read = importTools({
      text: 'curl https://a.example -u x:1\ncurl https://b.example -u x:2\ncurl https://a.example/c -u x:1',
    });
    const passwords = read.operations.map(({ tool }) => {
      const auth = tool?.api_config.auth;
      return auth?.type === 'basic' ? auth.password : undefined;
    });
    assert.deepEqual(passwords, [
      '@config.a_example_password',
      '@config.b_example_password',
      '@config.a_example_password',
    ]);
  });

  it('without any are refused', () => {
    assert.throws(() => importTools({ text: 'wget x', format: 'curl' }), {
      name: 'InvalidError',
      message: 'There is no curl command with a URL here: "wget" is no curl command',
    });
    assert.throws(() => importTools({ text: 'curl -s', format: 'curl' }), /It has no URL/);
  });
});
