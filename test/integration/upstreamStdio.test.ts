import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/contract/json.ts';
import { RpcError } from '../../src/contract/jsonRpc.ts';
import { UpstreamError, type UpstreamErrorCode } from '../../src/server/upstream/upstreamError.ts';
import { Rig } from '../fixtures/upstream/rig.ts';
import { type TestClient, textOf } from '../fixtures/upstream/testClient.ts';
import { eventually } from '../support/eventually.ts';

function isUpstreamError(code: UpstreamErrorCode, message: RegExp) {
  return (error: unknown) => {
    assert(error instanceof UpstreamError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

describe('a stdio server', () => {
  let rig: Rig;
  let client: TestClient;
  before(async () => {
    rig = await Rig.start();
    client = rig.client('client', ['file:///tmp']);
  });
  after(() => rig.stop());

  it('gets the request and gives the result with all fields that nobody knows', async () => {
    const id = rig.addOdd();
    const params = { name: 'echo', arguments: { a: 0 }, 'x-new': [1], _meta: { 'x-trace': 't' } };
    const result = await client.request(id, 'tools/call', params);
    assert.deepEqual(result['x-unknown'], { deep: [1, null] });
    const request = JSON.parse(textOf(result)) as JsonObject & { id: number };
    assert.deepEqual(request, {
      jsonrpc: '2.0',
      id: request.id,
      method: 'tools/call',
      params: { ...params, _meta: { 'x-trace': 't', progressToken: request.id } },
    });
  });

  it('passes on its error object unchanged', async () => {
    const id = rig.addOdd();
    await assert.rejects(client.request(id, 'no/such'), (error: unknown) => {
      assert(error instanceof RpcError);
      const data = { method: 'no/such', 'x-unknown': 1 };
      assert.deepEqual(error.toObject(), { code: -32601, message: 'Method not found', data });
      return true;
    });
  });

  it('is told constant capabilities, less those withheld', async () => {
    const id = rig.addOdd();
    const { capabilities, clientInfo } = await client.request(id, 'odd/initializeParams');
    assert.deepEqual(capabilities, {
      roots: { listChanged: true },
      sampling: {},
      elicitation: { form: {}, url: {} },
    });
    assert.deepEqual(clientInfo, { name: 'vmcp', version: '9.9.9' });
    rig.change(id, { withheld_capabilities: ['sampling', 'elicitation'] });
    const again = await client.request(id, 'odd/initializeParams');
    assert.deepEqual(again.capabilities, { roots: { listChanged: true } });
  });

  it('may speak an older version, send batches, and print garbage', async () => {
    const id = rig.addOdd('--old-version', '--batches', '--garbage');
    assert.equal(await client.text(id, 'garbage'), 'clean');
    assert.equal(rig.upstreams.catalog(id)?.protocol_version, '2024-11-05');
  });

  it('runs calls side by side', async () => {
    const id = rig.addOdd();
    await client.call(id, 'pid');
    const started = performance.now();
    const calls = Array.from({ length: 20 }, () => client.text(id, 'sleep', { ms: 300 }));
    assert.deepEqual(await Promise.all(calls), Array(20).fill('slept'));
    assert(performance.now() - started < 900);
  });

  it('has its progress passed on before the result, with the client’s own token', async () => {
    const id = rig.addOdd();
    for (const progressToken of [0, 'token']) {
      const caller = rig.client('progress');
      let heardAtResult = -1;
      await caller
        .call(id, 'progress', {}, { _meta: { progressToken } })
        .then(() => (heardAtResult = caller.heard.length));
      assert.equal(heardAtResult, 3);
      assert.deepEqual(
        caller.heard.map(({ params }) => params),
        [1, 2, 3].map((progress) => ({ progressToken, progress, x: progress })),
      );
    }
    const silent = rig.client('no token');
    await silent.call(id, 'progress');
    assert.deepEqual(silent.heard, []);
  });

  it('hears of a cancellation at once', async () => {
    const id = rig.addOdd();
    await client.call(id, 'pid');
    const abort = new AbortController();
    const call = client.call(id, 'hang', {}, {}, abort.signal);
    const reason = new Error('the client has gone');
    abort.abort(reason);
    await assert.rejects(call, reason);
    const [cancelled] = JSON.parse(await client.text(id, 'cancelled')) as JsonObject[];
    assert.equal(cancelled?.reason, 'cancelled by the client');
  });

  it('fails a call after silence, not after progress', async () => {
    const id = rig.addOdd();
    rig.change(id, { call_timeout_s: 1 });
    const hanging = client.call(id, 'hang');
    const going = client.text(id, 'keepGoing', { ms: 2500 });
    await assert.rejects(
      hanging,
      isUpstreamError('timeout', /"odd" did not answer tools\/call within 1 s/),
    );
    assert.equal(await going, 'kept going');
    assert.equal((JSON.parse(await client.text(id, 'cancelled')) as unknown[]).length, 1);
  });

  it('fails only the call whose answer is too large, wherever its id stands', async () => {
    const id = rig.addOdd();
    const other = client.text(id, 'sleep', { ms: 50 });
    for (const idLast of [false, true]) {
      const huge = client.call(id, 'huge', { bytes: 66 * 1024 * 1024, idLast });
      await assert.rejects(huge, isUpstreamError('too_large', /"odd" answered with 6[67] MiB/));
    }
    assert.equal(await other, 'slept');
    const result = await client.call(id, 'huge', { bytes: 8 * 1024 * 1024, idLast: true });
    assert(textOf(result).length > 8_300_000);
  }).timeout(20_000);

  it('that crashes fails the calls in flight, and starts again for the next', async () => {
    const id = rig.addOdd();
    const pid = await client.text(id, 'pid');
    const hanging = client.call(id, 'hang');
    const crashing = client.call(id, 'crash');
    const crashed = isUpstreamError('crashed', /exit code 3.*segmentation of something/);
    await assert.rejects(hanging, crashed);
    await assert.rejects(crashing, crashed);
    assert.equal(rig.upstreams.state(id).status, 'error');
    assert.match(rig.upstreams.state(id).last_error ?? '', /exit code 3/);
    assert.notEqual(await client.text(id, 'pid'), pid);
    assert.deepEqual(rig.upstreams.state(id), { status: 'connected', last_error: null });
  });

  it('that crashes again and again is left alone for a while', async () => {
    const id = rig.addOdd('--exit-at-start');
    const failed = isUpstreamError('crashed', /exit code 7.*cannot find my configuration/);
    await assert.rejects(client.call(id, 'pid'), failed);
    await assert.rejects(client.call(id, 'pid'), failed);
    const { status, last_error } = rig.upstreams.state(id);
    assert.equal(status, 'error');
    assert.match(
      last_error ?? '',
      /exit code 7.* It failed 2 times in a row, and is left alone for [12] s\./,
    );
    const again = isUpstreamError('crashed', /exit code 7.*The next try is possible in [12] s/);
    await assert.rejects(client.call(id, 'pid'), again);
    // Asked for by the user, it is tried at once.
    await assert.rejects(rig.upstreams.connect(id), failed);
  });

  it('that cannot be started is named with the cause', async () => {
    const missing = rig.addServer({ config: { command: 'no-such-command', args: [], env: {} } });
    await assert.rejects(
      client.call(missing, 'pid'),
      isUpstreamError('start_failed', /command "no-such-command" was not found/),
    );
    const config = { command: process.execPath, args: [], env: {}, cwd: '/no/such/folder' };
    await assert.rejects(
      client.call(rig.addServer({ config }), 'pid'),
      isUpstreamError('start_failed', /folder \/no\/such\/folder does not exist/),
    );
    await assert.rejects(
      client.call('server_0', 'pid'),
      isUpstreamError('unknown_server', /server_0/),
    );
    const disabled = rig.addServer({ enabled: false });
    await assert.rejects(client.call(disabled, 'pid'), isUpstreamError('disabled', /switched off/));
  });

  it('gets the newest window’s environment without that of VS Code', async () => {
    const id = rig.addServer({
      config: {
        command: process.execPath,
        args: [`${process.cwd()}/test/fixtures/upstream/oddServer.mjs`, `\${env:FLAVOUR}`],
        env: { OWN: 'set', TOKEN: '********' },
        cwd: `\${workspaceFolder}`,
      },
    });
    rig.memory.secretValues.set(`server/${id}/env/TOKEN`, 'secret-token');
    rig.upstreams.setEnvironment({
      FLAVOUR: 'sweet',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
    });
    const { env, cwd, args } = JSON.parse(await client.text(id, 'environment'));
    assert.deepEqual([env.OWN, env.TOKEN, env.FLAVOUR], ['set', 'secret-token', 'sweet']);
    assert.deepEqual([env.VSCODE_PID, env.ELECTRON_RUN_AS_NODE], [undefined, undefined]);
    assert.equal(cwd, '/tmp');
    assert.deepEqual(args, ['sweet']);
    rig.upstreams.setEnvironment(process.env as Record<string, string>);
  });

  it('is locked without the key of the secrets, and starts once it is there', async () => {
    const id = rig.addOdd();
    rig.memory.secretValues.set(`server/${id}/env/KEY`, 'value');
    rig.memory.locked = true;
    rig.reconfigure(id, { env: { KEY: '********' } });
    await assert.rejects(client.call(id, 'pid'), isUpstreamError('locked', /secrets are locked/));
    assert.equal(rig.upstreams.state(id).status, 'locked');
    rig.memory.unlock();
    assert.equal(rig.upstreams.state(id).status, 'disconnected');
    assert.equal(JSON.parse(await client.text(id, 'environment')).env.KEY, 'value');
  });

  it('has its last 200 lines of stderr kept, without secrets', async () => {
    const id = rig.addOdd();
    rig.memory.secretValues.set(`server/${id}/env/SECRET`, 'line 4999');
    rig.reconfigure(id, { env: { SECRET: '********' } });
    await client.call(id, 'flood', { lines: 5000 });
    const lines = await eventually(() => {
      const output = rig.upstreams.output(id);
      return output.at(-1)?.startsWith('********') ? output : undefined;
    });
    assert.equal(lines.length, 200);
    assert.match(lines[0] ?? '', /^line 4800 /);
    await eventually(() =>
      rig.events.some(
        (event) =>
          event.type === 'server.output' && event.server_id === id && event.lines.length > 0,
      ),
    );
  });

  it('tells its state as it changes', async () => {
    const id = rig.addOdd();
    await client.call(id, 'pid');
    await rig.upstreams.disconnect(id);
    assert.deepEqual(rig.statuses(id), ['connecting', 'connected', 'disconnected']);
    assert.match(rig.memory.servers.get(id)?.last_connected ?? '', /^20/);
  });

  it('whose configuration changed is started anew, and whose name changed is not', async () => {
    const id = rig.addOdd();
    const pid = await client.text(id, 'pid');
    rig.change(id, { name: 'renamed', call_timeout_s: 5 });
    assert.equal(await client.text(id, 'pid'), pid);
    rig.reconfigure(id, { moreArgs: ['--new'] });
    assert.notEqual(await client.text(id, 'pid'), pid);
    assert.deepEqual(JSON.parse(await client.text(id, 'environment')).args, ['--new']);
  });
});
