import assert from 'node:assert/strict';
import { RegistryServer } from '../fixtures/registry/registryServer.ts';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { CheckedRest } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('the registry', () => {
  const cleanup = new Cleanup();
  let source: RegistryServer;
  let server: TestServer;
  let rest: CheckedRest;

  before(async () => {
    source = await RegistryServer.start(cleanup);
    server = await startServer(cleanup, {
      args: ['--registry', source.url],
      env: { PATH: '/none' },
    });
    rest = await CheckedRest.open(server.url);
  });
  after(() => cleanup.run());

  const look = (query = '') => rest.ok('GET', `/api/registry/servers?${query}`);
  const complete = () =>
    eventually(async () => ((await look()).registry.state === 'copy' ? look() : undefined), {
      what: 'the whole registry',
    });
  const details = (id: string) => rest.ok('GET', `/api/registry/servers/${encodeURIComponent(id)}`);

  it('shows the first page while the others are still to come', async () => {
    source.slow = true;
    const page = await look('search=server-0');
    assert.equal(page.registry.state, 'loading');
    assert.equal(page.registry.servers, 40);
    source.release();
  });

  it('is read to its end, without what cannot be used', async () => {
    const { registry } = await complete();
    assert.equal(registry.servers, 286 + 4);
    assert.equal(registry.problem, null);
    assert(Date.now() - Date.parse(registry.fetched_at) < 60_000);
    assert.equal(source.requests, 8);
  });

  it('lists well-known servers first, by category', async () => {
    const page = await look('category=Finance&page_size=5');
    assert(page.categories.includes('Finance'));
    assert.equal(page.servers.length, 5);
    for (const { category, source: from } of page.servers) {
      assert.deepEqual([category, from], ['Finance', 'built-in']);
    }
  });

  it('is searched by words in names and descriptions, page by page', async () => {
    const first = await look('search=SERVER%20number&page_size=100');
    assert.equal(first.total, 286);
    assert.equal(first.servers.length, 100);
    const last = await look('search=SERVER%20number&page_size=100&page=3');
    assert.equal(last.servers.length, 86);
    assert.equal(
      (await look('search=server-123')).servers[0].registry_id,
      'io.example.publisher/server-123',
    );
    assert.equal((await look('search=nothing%20has%20this')).total, 0);
    assert.equal((await rest.send('GET', '/api/registry/servers?page=0')).status, 400);
  });

  it('shows foreign texts as one plain line, and no address that is none of the web', async () => {
    const markup = await details('io.example/markup');
    assert.equal(markup.title, '<img src=x onerror=alert(1)>');
    assert(markup.description.startsWith('<script>alert(1)</script> evil x'));
    assert.equal(markup.description.length, 500);
    const tracker = await details('io.example/tracker');
    assert.equal(tracker.website, '');
    assert.equal(tracker.repository, 'https://code.example/tracker');
    for (const id of ['thief', 'runner', 'no-url', 'file', 'odd-package', 'deleted', 'old']) {
      const path = `/api/registry/servers/${encodeURIComponent(`io.example/${id}`)}`;
      assert.equal((await rest.send('GET', path)).status, 404, id);
    }
    const [hinted] = (await details('io.example/hint')).options;
    assert.equal(hinted.summary, 'npx -y hinted');
  });

  it('tells the program that is missing for a package', async () => {
    const { options, name } = await details('io.example/tracker');
    assert.equal(name, 'Tracker');
    assert.deepEqual(
      options.map(
        ({ missing_program }: { missing_program?: { product: string } }) =>
          missing_program?.product,
      ),
      [undefined, 'Node.js', 'Docker'],
    );
  });

  it('adds a package with the answers, secret ones hidden', async () => {
    const add = (body: object) =>
      rest.send('POST', '/api/registry/servers/io.example%2Ftracker/add', body);
    const incomplete = await add({ option_id: '1', name: 'tracker' });
    assert.equal(incomplete.status, 400);
    assert.match(incomplete.body.error, /TRACKER_TOKEN/);
    const { options } = await details('io.example/tracker');
    const id = (label: string) =>
      options[1].questions.find((question: { label: string }) => question.label === label).id;
    const answers = { [id('--project')]: 'ABC', TRACKER_TOKEN: 'secret', [id('--level')]: 'loud' };
    const wrong = await add({ option_id: '1', name: 'tracker', answers });
    assert.match(wrong.body.error, /one of info, debug/);
    const right = { ...answers, [id('--level')]: 'debug' };
    const added = await add({ option_id: '1', name: 'tracker', answers: right });
    assert.equal(added.status, 201);
    assert.deepEqual(added.body.config, {
      command: 'npx',
      args: [
        '-y',
        '@example/tracker@2.0.0',
        'serve',
        '--project',
        'ABC',
        '--level',
        'debug',
        '--quiet',
      ],
      env: { TRACKER_TOKEN: '********' },
    });
    assert.equal((await add({ option_id: '1', name: 'Tracker', answers: right })).status, 409);
    const image = await add({ option_id: '2', name: 'image', answers: { TRACKER_TOKEN: 't' } });
    assert.deepEqual(image.body.config.args, [
      ...['run', '-i', '--rm', '-e', 'TRACKER_TOKEN', 'registry.example/tracker:2.0.0'],
    ]);
  });

  it('adds a remote server whose address and headers hold answers', async () => {
    const body = { option_id: '0', name: 'remote', answers: { tenant: 'me', token: 'secret' } };
    const { config } = await rest.ok(
      'POST',
      '/api/registry/servers/io.example%2Ftracker/add',
      body,
    );
    assert.deepEqual(config, {
      url: 'https://me.tracker.example/mcp',
      headers: { Authorization: '********' },
    });
  });

  it('is read from the copy when the registry cannot be reached, and says how old that is', async () => {
    const before = (await look()).registry;
    source.broken = true;
    await server.restart();
    const page = await look('search=server-285');
    assert.equal(page.servers[0].registry_id, 'io.example.publisher/server-285');
    assert.equal(page.registry.fetched_at, before.fetched_at);
    await look('refresh=true');
    const failed = await eventually(async () => {
      const { registry } = await look();
      return registry.problem === null ? undefined : registry;
    });
    assert.match(failed.problem, /503/);
    assert.equal(failed.servers, 290);
    assert.equal(failed.fetched_at, before.fetched_at);
  });

  it('can be another one, by a setting', async () => {
    const other = await RegistryServer.start(cleanup, []);
    const admin = await CheckedRest.open(server.url, await server.adminToken());
    await admin.ok('POST', '/api/admin/settings', { registryUrl: other.url });
    const { registry, total } = await complete();
    assert.equal(registry.url, other.url);
    assert.equal(registry.servers, 0);
    assert(total > 100); // the well-known ones
    const refused = await admin.send('POST', '/api/admin/settings', { registryUrl: 'file:///x' });
    assert.equal(refused.status, 400);
  });

  it('that is none says so, and the well-known servers stay', async () => {
    const admin = await CheckedRest.open(server.url, await server.adminToken());
    await admin.ok('POST', '/api/admin/settings', {
      registryUrl: `${server.url}/api/openapi.json`,
    });
    const failed = await eventually(async () => {
      const page = await look();
      return page.registry.problem === null ? undefined : page;
    });
    assert.equal(failed.registry.state, 'none');
    assert(failed.servers.length > 0);
  });
});
