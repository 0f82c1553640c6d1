import assert from 'node:assert/strict';
import {
  findLiteralKeys,
  secretNameFor,
  textAt,
  withReferences,
} from '../../../src/vscode/commands/secrets/literalKeys.ts';

const program = (...args: string[]) => ({ config: { command: 'npx', args, env: {} } });
const remote = (url: string) => ({ config: { url, headers: {} } });

/** The keys as they stand there. */
function keysIn(server: Parameters<typeof findLiteralKeys>[0]): string[] {
  return findLiteralKeys(server).map(({ place, start, end }) =>
    textAt(server.config, place).slice(start, end),
  );
}

describe('keys in plain text', () => {
  const key = 'abcdef0123456789';

  it('are found after flags, in assignments, headers and addresses', () => {
    assert.deepEqual(keysIn(program('--api-key', key)), [key]);
    assert.deepEqual(keysIn(program(`--token=${key}`)), [key]);
    assert.deepEqual(keysIn(program('run', '-e', `GITHUB_TOKEN=${key}`)), [key]);
    assert.deepEqual(keysIn(program('-H', `Authorization: Bearer ${key}`)), [key]);
    assert.deepEqual(keysIn(program('--header', `X-Api-Key:${key}`)), [key]);
    assert.deepEqual(keysIn(program('postgres://me:s3cr3t-word@db/notes')), ['s3cr3t-word']);
    assert.deepEqual(keysIn(remote(`https://a.example/mcp?x=1&api_key=${key}&y=2`)), [key]);
    assert.deepEqual(keysIn(remote('https://me:s3cr3t-word@a.example/mcp')), ['s3cr3t-word']);
  });

  it('are found by how providers begin them', () => {
    const known = [`ghp_${'a1'.repeat(18)}`, `sk-${'b2'.repeat(20)}`, 'AKIAABCDEFGHIJKLMNOP'];
    for (const each of known) {
      assert.deepEqual(keysIn(program(each)), [each]);
      assert.deepEqual(keysIn(remote(`https://a.example/${each}/mcp`)), [each]);
    }
  });

  it('are not what only looks alike', () => {
    const harmless = [
      ['-y', '@scope/server-filesystem', '/home/me/notes'],
      ['--token', '--verbose'],
      ['--key', './cert/key.pem'],
      ['--api-key', `\${secret:notes}`],
      ['--keyboard=qwerty-layout', '--monkey', 'somewhat-long'],
      ['--token', 'short'],
      ['https://a.example/mcp?page=abcdef0123456789'],
    ];
    for (const args of harmless) assert.deepEqual(keysIn(program(...args)), [], args.join(' '));
  });

  it('are replaced where they stand, several in one text', () => {
    const server = program('--api-key', key, `https://me:${key}@a.example/?token=${key}`);
    const moves = findLiteralKeys(server).map((found, at) => ({ key: found, secret: `s${at}` }));
    assert.equal(moves.length, 3);
    const { args } = withReferences(server.config, moves) as { args: string[] };
    assert.equal(args[1], `\${secret:s0}`);
    assert.match(
      args[2] ?? '',
      /^https:\/\/me:\$\{secret:s[12]\}@a\.example\/\?token=\$\{secret:s[12]\}$/,
    );
    assert.deepEqual(findLiteralKeys({ config: { ...server.config, args } }), []);
  });

  it('get names that are legal and free', () => {
    const taken = new Set(['my-notes-api-key']);
    assert.equal(secretNameFor('My notes', 'api_key', taken), 'my-notes-api-key-2');
    assert.match(secretNameFor('ü', 'x'.repeat(100), taken), /^[A-Za-z0-9_.-]{1,64}$/);
  });
});
