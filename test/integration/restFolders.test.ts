import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { EditorWindow } from '../support/editorWindow.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('REST calls to a server of the workspace folder', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: Rest;
  let id: string;

  before(async () => {
    server = await startServer(cleanup, { auth: 'token' });
    rest = new Rest(server.url, await server.adminToken());
    id = await rest.addNodeServer('files', upstreams.filesystem, ['${workspaceFolder}']);
  });

  const openFolder = async (text: string) => {
    const folder = await makeTempDir(cleanup);
    await writeFile(join(folder, 'note.txt'), text);
    const folders = [{ uri: pathToFileURL(folder).href, name: 'app' }];
    return { folder, window: await EditorWindow.open(cleanup, server, { folders }) };
  };

  const read = async (folder: string): Promise<string> => {
    const { content } = await rest.ok('POST', `/api/mcp-servers/${id}/tools/call`, {
      name: 'read_text_file',
      arguments: { path: join(folder, 'note.txt') },
    });
    return content[0].text;
  };

  it('say what is missing where no window has a folder', async () => {
    const { status, body } = await rest.send('POST', `/api/mcp-servers/${id}/tools/call`, {
      name: 'read_text_file',
      arguments: { path: 'note.txt' },
    });
    assert.ok(status >= 400, `status ${status}`);
    assert.match(JSON.stringify(body), /uses \$\{workspaceFolder\}/);
  });

  it('use the folder of the newest window, and never that of another one', async () => {
    const first = await openFolder('of the first');
    assert.equal(await read(first.folder), 'of the first');
    const second = await openFolder('of the second');
    await eventually(async () => (await read(second.folder)) === 'of the second', {
      what: "the second window's folder",
    });
    assert.match(await read(first.folder), /outside allowed directories/);
    await second.window.close();
    await eventually(async () => (await read(first.folder)) === 'of the first', {
      what: "the first window's folder again",
    });
  });
});
