import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseToml, stringify } from 'smol-toml';
import { setEntry } from '../../../src/server/clients/edit/setEntry.ts';

const entry = { command: 'node', args: ['a.js'] };

describe('an entry in a JSON file', () => {
  const set = (text: string, name = 'new') => setEntry(text, 'json', ['mcpServers', name], entry);

  it('makes a file of nothing', () => {
    assert.deepEqual(JSON.parse(set('')), { mcpServers: { new: entry } });
    assert.deepEqual(JSON.parse(set('{}')), { mcpServers: { new: entry } });
  });

  it('comes last and leaves comments beside what they are about', () => {
    const text = `{
  // my servers
  "mcpServers": {
    "a": { "command": "x" } // the first
    /* no more */
  },
  "other": [1,2]
}
`;
    assert.equal(
      set(text),
      `{
  // my servers
  "mcpServers": {
    "a": { "command": "x" }, // the first
    "new": {
      "command": "node",
      "args": [
        "a.js"
      ]
    }
    /* no more */
  },
  "other": [1,2]
}
`,
    );
  });

  it('keeps trailing commas, tabs and the ends of lines', () => {
    const text = '{\r\n\t"mcpServers": {\r\n\t\t"a": {}, // one\r\n\t},\r\n}\r\n';
    assert.equal(
      set(text),
      '{\r\n\t"mcpServers": {\r\n\t\t"a": {}, // one\r\n\t\t"new": {\r\n\t\t\t"command": "node",\r\n\t\t\t"args": [\r\n\t\t\t\t"a.js"\r\n\t\t\t]\r\n\t\t},\r\n\t},\r\n}\r\n',
    );
  });

  it('replaces the value of the entry that is there, and nothing else', () => {
    const text = '{"mcpServers":{"new":{"url":"x"},"b":{ "command" : "y" }}, "z":1}';
    const after = set(text);
    assert(after.startsWith('{"mcpServers":{"new":{'));
    assert(after.endsWith('},"b":{ "command" : "y" }}, "z":1}'));
  });

  it('refuses what it cannot read, and a place that holds something else', () => {
    assert.throws(() => set('{"mcpServers": {'), /line 1/);
    assert.throws(() => set('{"mcpServers": []}'), /mcpServers/);
    assert.throws(() => set('[]'), /no object/);
  });

  it('leaves every other entry as it was, byte for byte', () => {
    fc.assert(
      fc.property(jsonFile, ({ text, pieces }) => {
        const after = set(text);
        for (const piece of pieces) assert(after.includes(piece), piece);
        const { new: added, ...others } = parseJsonc(after).mcpServers;
        assert.deepEqual(added, entry);
        assert.deepEqual(others, parseJsonc(text)?.mcpServers ?? {});
        assert.equal(set(after), after);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an entry in a TOML file', () => {
  const set = (text: string, name = 'new') => setEntry(text, 'toml', ['mcp_servers', name], entry);
  const block = '[mcp_servers.new]\ncommand = "node"\nargs = [ "a.js" ]\n';

  it('comes last, after everything that is there', () => {
    assert.equal(set(''), block);
    assert.equal(set('model = "x" # mine'), `model = "x" # mine\n\n${block}`);
  });

  it('replaces its own table and those below it, and nothing else', () => {
    const text = `# top
model = "x"

[mcp_servers.new]
url = "y"
[mcp_servers.new.env]
A = "1"

# about the next
[mcp_servers.z]
command = "z" # stays
`;
    assert.equal(
      set(text),
      `# top\nmodel = "x"\n\n${block}\n# about the next\n[mcp_servers.z]\ncommand = "z" # stays\n`,
    );
  });

  it('is not misled by text that looks like a table', () => {
    const text = `note = """
[mcp_servers.new]
"""
list = [
  ["a"]
]
[mcp_servers.other]
command = '''
[x]
'''
`;
    assert.equal(set(text), `${text}\n${block}`);
  });

  it('refuses servers in a form that it cannot add to', () => {
    assert.throws(() => set('mcp_servers = { a = { command = "x" } }'), /cannot edit/);
    assert.throws(() => set('mcp_servers = 1'), /cannot edit/);
    assert.throws(() => set('a ='), /line 1/);
  });

  it('leaves every other line as it was, byte for byte', () => {
    fc.assert(
      fc.property(tomlFile, (text) => {
        const after = set(text);
        assert(after.startsWith(text.trimEnd()));
        const { new: added, ...others } = parseToml(after).mcp_servers as object & { new: unknown };
        assert.deepEqual({ ...(added as object) }, entry);
        assert.deepEqual({ ...others }, { ...((parseToml(text).mcp_servers as object) ?? {}) });
        assert.equal(set(after), after);
      }),
      { numRuns: 200 },
    );
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9 -]{0,8}$/).filter((text) => text !== 'new');
const comment = fc.constantFrom('', ' // c', ' /* , } */', '\n  // } line\n');
const jsonFile = fc
  .record({
    servers: fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    comments: fc.array(comment, { minLength: 12, maxLength: 12 }),
    trailing: fc.boolean(),
    breaks: fc.constantFrom('', '\n', '\r\n    '),
    first: fc.boolean(),
  })
  .map(({ servers, comments, trailing, breaks, first }) => {
    let next = 0;
    const space = () => {
      const text = comments[next++ % comments.length] ?? '';
      return /\/\/[^\n]*$/.test(text) ? `${text}\n` : text;
    };
    const pieces = Object.entries(servers).map(
      ([key, value]) => `${JSON.stringify(key)}:${space()} ${JSON.stringify(value)}`,
    );
    const members = pieces.map((piece, index) => {
      const isLast = index === pieces.length - 1;
      return `${breaks}${piece}${space()}${isLast && !trailing ? '' : ','}${space()}`;
    });
    const holder = `"mcpServers": {${space()}${members.join('')}${breaks}}`;
    const other = '"other":  [ 1,2 ]';
    const parts = first ? [holder, other] : [other, holder];
    return {
      text: `{${space()}${parts.join(`,${space()}`)}${space()}}`,
      pieces: [...pieces, other],
    };
  });

const tomlFile = fc
  .record({
    servers: fc.dictionary(
      name,
      fc.record({ command: fc.string(), env: fc.dictionary(name, fc.string()) }),
    ),
    top: fc.dictionary(name, fc.oneof(fc.string(), fc.boolean(), fc.array(fc.string()))),
    note: fc.constantFrom('', '# note\n', '\n\n'),
  })
  .map(
    ({ servers, top, note }) =>
      `${note}${stringify({ ...top, ...(Object.keys(servers).length > 0 && { mcp_servers: servers }) })}${note}`,
  );
