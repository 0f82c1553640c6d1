import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { ReadableStream } from 'node:stream/web';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient, type RecordingClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';

const mebibyte = 1024 * 1024;

describe('Custom resources', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let vmcp: string;
  let items: string;
  let recording: RecordingClient;
  let client: Client;

  /** Sends bytes as the content of a resource. */
  function upload(name: string, bytes: Uint8Array<ArrayBuffer>, type = 'application/octet-stream') {
    return fetch(`${server.url}${items}/${encodeURIComponent(name)}/content`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: bytes,
    });
  }

  /** All files that resources have on the disk. */
  async function filesOnDisk(): Promise<string[]> {
    const names = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => entry.isFile() && /resources/.test(entry.parentPath))
      .map(({ name }) => name);
  }

  before(async () => {
    server = await startServer(cleanup);
    rest = await CheckedRest.open(server.url);
    vmcp = await rest.addVmcp('resources', [], {
      custom_resources: [{ name: 'notes.md', mime_type: 'text/markdown', text: '# Notes' }],
      custom_prompts: [{ name: 'show', text: 'It says: @resource(vmcp.notes.md)' }],
    });
    items = `/api/vmcps/${vmcp}/custom-resources`;
    recording = await connectClient(cleanup, { http: `${server.url}/mcp/${vmcp}` });
    client = recording.client;
  });

  it('of text are listed and read, and stand in templates', async () => {
    const { resources } = await client.listResources();
    const [notes] = resources;
    assert.equal(notes?.name, 'notes.md');
    assert.match(notes?.uri ?? '', new RegExp(`^vmcp://${vmcp}/`));
    const { contents } = await client.readResource({ uri: notes?.uri ?? '' });
    assert.deepEqual(contents, [{ uri: notes?.uri, mimeType: 'text/markdown', text: '# Notes' }]);
    const { messages } = await client.getPrompt({ name: 'show' });
    assert.deepEqual(messages[0]?.content, { type: 'text', text: 'It says: # Notes' });
  });

  it('take files of any type, byte for byte', async () => {
    await rest.ok('POST', items, { name: 'picture one' });
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);
    const answer = await upload('picture one', bytes, 'image/png');
    assert.equal(answer.status, 200);
    const resource = (await answer.json()) as { uri: string; mime_type: string; file: object };
    assert.equal(resource.mime_type, 'image/png');
    assert.deepEqual(Object.keys(resource.file), ['bytes', 'sha256']);
    const { contents } = await client.readResource({ uri: resource.uri });
    const [content] = contents as { blob: string }[];
    assert.ok(Buffer.from(bytes).equals(Buffer.from(content?.blob ?? '', 'base64')));
    const got = await fetch(`${server.url}${items}/picture%20one/content`);
    assert.equal(got.headers.get('content-type'), 'image/png');
    assert.match(got.headers.get('content-security-policy') ?? '', /sandbox/);
    assert.ok(Buffer.from(bytes).equals(Buffer.from(await got.arrayBuffer())));
    const read = { uri: resource.uri };
    const through = await rest.ok('POST', `/api/vmcps/${vmcp}/resources/read`, read);
    assert.equal(through.contents[0].blob, content?.blob);
  });

  it('keep their address and file when renamed, and when the vMCP is sent back', async () => {
    const before = await rest.ok('GET', `${items}/picture%20one`);
    const after = await rest.ok('PUT', `${items}/picture%20one`, { ...before, name: 'picture' });
    assert.deepEqual([after.uri, after.file], [before.uri, before.file]);
    const whole = await rest.ok('GET', `/api/vmcps/${vmcp}`);
    const { custom_resources } = await rest.ok('PUT', `/api/vmcps/${vmcp}`, whole);
    assert.deepEqual(custom_resources, whole.custom_resources);
    assert.equal((await fetch(`${server.url}${items}/picture/content`)).status, 200);
  });

  it('tell subscribers of new content', async () => {
    const { uri } = await rest.ok('GET', `${items}/picture`);
    await client.subscribeResource({ uri });
    await upload('picture', Buffer.from('new'), 'text/plain; charset=utf-8');
    await eventually(() => recording.of('notifications/resources/updated').length > 0);
    assert.deepEqual(recording.of('notifications/resources/updated')[0], { uri });
    const { contents } = await client.readResource({ uri });
    assert.equal((contents as { text: string }[])[0]?.text, 'new');
    assert.equal((await filesOnDisk()).length, 1);
  });

  it('refuse more than 10 MiB, said beforehand or not, and keep what was there', async () => {
    assert.equal((await upload('picture', new Uint8Array(10 * mebibyte + 1))).status, 413);
    const chunks = async function* () {
      for (let n = 0; n < 11; n++) yield new Uint8Array(mebibyte);
    };
    const answer = await fetch(`${server.url}${items}/picture/content`, {
      method: 'PUT',
      body: ReadableStream.from(chunks()),
      duplex: 'half',
    } as unknown as RequestInit);
    assert.equal(answer.status, 413);
    const kept = await fetch(`${server.url}${items}/picture/content`);
    assert.equal(await kept.text(), 'new');
    assert.equal((await filesOnDisk()).length, 1);
    assert.equal((await upload('picture', new Uint8Array(10 * mebibyte))).status, 200);
  });

  it('answer 404 where there is nothing', async () => {
    assert.equal((await upload('nothing', Buffer.from('x'))).status, 404);
    await rest.ok('POST', items, { name: 'empty' });
    assert.equal((await fetch(`${server.url}${items}/empty/content`)).status, 404);
    const { uri } = await rest.ok('GET', `${items}/empty`);
    await assert.rejects(client.readResource({ uri }), /no content yet/);
    await rest.ok('DELETE', `${items}/empty`);
    await assert.rejects(client.readResource({ uri }), /Unknown resource/);
  });

  it('leave no file behind, whatever is deleted', async () => {
    await rest.ok('POST', items, { name: 'second' });
    await upload('second', Buffer.from('2'));
    assert.equal((await filesOnDisk()).length, 2);
    const second = await rest.ok('DELETE', `${items}/second`);
    // It may be undone until the deletion is final.
    assert.equal((await filesOnDisk()).length, 2);
    await rest.ok('DELETE', `/api/undo/${second.undo_id}`);
    assert.equal((await filesOnDisk()).length, 1);
    await rest.ok('PUT', `${items}/picture`, { name: 'picture', text: 'now a text' });
    assert.deepEqual(await filesOnDisk(), []);
    const other = await rest.addVmcp('other', [], { custom_resources: [{ name: 'file' }] });
    items = `/api/vmcps/${other}/custom-resources`;
    await upload('file', Buffer.from('content'));
    assert.equal((await filesOnDisk()).length, 1);
    const gone = await rest.ok('DELETE', `/api/vmcps/${other}`);
    await rest.ok('DELETE', `/api/undo/${gone.undo_id}`);
    assert.deepEqual(await filesOnDisk(), []);
  });
});
