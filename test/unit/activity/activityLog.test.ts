import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ServerEvent } from '../../../src/contract/events.ts';
import type { JsonObject } from '../../../src/contract/json.ts';
import { type LogEntry, logEntrySchema } from '../../../src/contract/stats.ts';
import type { Operation } from '../../../src/server/activity/activity.ts';
import { ActivityLog } from '../../../src/server/activity/activityLog.ts';
import { NotFoundError } from '../../../src/server/appErrors.ts';
import { EventBus } from '../../../src/server/events.ts';
import { FileSecretStore } from '../../../src/server/store/fileSecretStore.ts';
import { secretNames } from '../../../src/server/store/secretNames.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';
import { eventually } from '../../support/eventually.ts';

describe('Activity log', () => {
  const cleanup = useCleanup();
  let rows: LogEntry[];
  let published: ServerEvent[];
  let events: EventBus;
  let secrets: FileSecretStore;
  let activity: ActivityLog;
  let configs: Map<string, JsonObject>;

  beforeEach(async () => {
    rows = [];
    published = [];
    configs = new Map([['vmcp_1', { region: 'eu', api_key: '********' }]]);
    events = new EventBus((error) => assert.fail(String(error)));
    events.subscribe((event) => published.push(event));
    secrets = await FileSecretStore.open(
      join(await makeTempDir(cleanup), 'secrets.json'),
      () => {},
    );
    activity = new ActivityLog({
      logs: {
        append: (added) => {
          for (const { text } of added) rows.push(JSON.parse(text));
        },
        query: () => Promise.reject(new Error('not asked here')),
        get: () => Promise.reject(new Error('not asked here')),
        overview: () => Promise.reject(new Error('not asked here')),
        page: () => Promise.reject(new Error('not asked here')),
        toolUse: () => Promise.reject(new Error('not asked here')),
        setLimits: () => undefined,
      },
      secrets,
      events,
      maskedConfig: (vmcpId) => {
        const config = configs.get(vmcpId);
        if (!config) throw new NotFoundError('No such vMCP', vmcpId);
        return config;
      },
    });
    cleanup.add(() => activity.close());
  });

  function record(operation: Partial<Operation>): void {
    const whole = anOperation(operation);
    activity.record(whole, activity.begin(whole));
  }

  function rowOf(operation: Partial<Operation>): LogEntry {
    record(operation);
    activity.flush();
    const row = rows.at(-1);
    assert.ok(row);
    logEntrySchema.parse(row);
    return row;
  }

  it('turns an operation into a row', () => {
    const { log_id, ...row } = rowOf({});
    assert.match(log_id, /^log_[0-9a-f]{32}$/);
    assert.deepEqual(row, {
      client_id: 'client_1',
      client_name: 'claude',
      vmcp_id: 'vmcp_1',
      method: 'tools/call',
      target: 'git.log',
      mcp_server_id: 'server_1',
      arguments: { path: '/file.txt' },
      result: { content: [] },
      success: true,
      error: null,
      duration_ms: 1.235,
      tools_exposed: 7,
      active_config_snapshot: { region: 'eu', api_key: '********' },
      timestamp: '2026-01-02T03:04:05.678Z',
    });
  });

  it('writes soon by itself, many at once, and tells how many', async () => {
    for (let count = 0; count < 1200; count++) record({});
    assert.equal(rows.length, 0);
    await eventually(() => rows.length === 1200);
    await eventually(() => published.length > 0);
    assert.deepEqual(published, [{ type: 'activity.recorded', count: 1200 }]);
    assert.equal(new Set(rows.map((row) => row.log_id)).size, 1200);
  });

  describe('where a window listens', () => {
    const told = () => published.filter((event) => event.type === 'activity.calls');

    beforeEach(() => activity.feed.hearWhile(() => true));

    it('tells what was done, without values', async () => {
      record({ success: false, error: 'It broke', target: 'git.push' });
      const [event] = await eventually(() => (told().length > 0 ? told() : undefined));
      assert.deepEqual(
        event?.finished.map(({ log_id: _, ...call }) => call),
        [
          {
            client_id: 'client_1',
            client_name: 'claude',
            vmcp_id: 'vmcp_1',
            method: 'tools/call',
            target: 'git.push',
            mcp_server_id: 'server_1',
            success: false,
            error: 'It broke',
            duration_ms: 1.235,
            tools_exposed: 7,
            timestamp: '2026-01-02T03:04:05.678Z',
          },
        ],
      );
      assert.equal(event?.finished[0]?.log_id, rows[0]?.log_id);
    });

    it('tells the newest hundred of many, and how many the others are', async () => {
      for (let count = 0; count < 1200; count++) record({ target: `tool ${count}` });
      await eventually(() => rows.length === 1200 && told().length > 0);
      const [event] = told();
      assert.ok(event && event.finished.length === 100 && event.skipped > 0);
      await eventually(
        () =>
          told().reduce((sum, { skipped, finished }) => sum + skipped + finished.length, 0) ===
          1200,
      );
      assert.ok(told().length < 5);
    });

    it('tells what goes on, until it is done', async () => {
      const slow = anOperation({ target: 'git.clone' });
      const begun = activity.begin(slow);
      const [event] = await eventually(() => (told().length > 0 ? told() : undefined));
      assert.deepEqual(event?.finished, []);
      assert.deepEqual(event?.running, [
        {
          client_name: 'claude',
          vmcp_id: 'vmcp_1',
          method: 'tools/call',
          target: 'git.clone',
          timestamp: '2026-01-02T03:04:05.678Z',
        },
      ]);
      activity.record(slow, begun);
      const last = await eventually(() => told()[1]);
      assert.deepEqual([last.finished.length, last.running], [1, []]);
    });
  });

  it('writes what is left when it closes, and nothing later', () => {
    record({});
    activity.close();
    record({});
    activity.close();
    assert.equal(rows.length, 1);
  });

  it('keeps operations of a vMCP that was deleted since', () => {
    assert.deepEqual(rowOf({ vmcpId: 'vmcp_gone' }).active_config_snapshot, {});
  });

  it('cuts values over 4 KiB, and they stay JSON', () => {
    configs.set('vmcp_1', { big: 'c'.repeat(5000) });
    const row = rowOf({
      arguments: { text: 'é'.repeat(5000) },
      result: { content: [{ type: 'text', text: 'x'.repeat(64 * 1024 * 1024) }] },
      error: 'e'.repeat(9000),
      target: 't'.repeat(9000),
    });
    for (const value of [row.arguments, row.result, row.active_config_snapshot]) {
      const cut = value as { truncated: boolean; bytes: number; preview: string };
      assert.deepEqual(Object.keys(cut), ['truncated', 'bytes', 'preview']);
      assert.equal(cut.truncated, true);
      assert.ok(Buffer.byteLength(cut.preview) <= 4096);
      assert.ok(cut.bytes > 5000);
      assert.doesNotMatch(cut.preview, /\ufffd/);
    }
    assert.match(JSON.stringify(row.result), /"preview":"\{\\"content\\":/);
    assert.ok((row.error?.length ?? 0) <= 4097 && (row.target?.length ?? 0) <= 1025);
  });

  it('keeps a value of just 4 KiB whole', () => {
    const value = { text: 'x'.repeat(4096 - '{"text":""}'.length) };
    assert.deepEqual(rowOf({ arguments: value }).arguments, value);
  });

  describe('with secrets in the store', () => {
    const token = 'tok"en-with\\specials';
    const long = 'L'.repeat(300);

    beforeEach(async () => {
      await secrets.unlock(randomBytes(32));
      await secrets.update({
        [secretNames.serverEnv('server_1', 'TOKEN')]: token,
        [secretNames.serverEnv('server_1', 'SHORT')]: 'abc',
        [secretNames.vmcpConfig('vmcp_1', 'api_key')]: JSON.stringify({
          deep: ['configured!', long],
        }),
        [secretNames.vmcpConfig('vmcp_1', 'pin')]: '12345678',
      });
      events.publish({ type: 'vmcp.changed', vmcp_id: 'vmcp_1' });
    });

    it('masks them wherever they appear', () => {
      const row = rowOf({
        arguments: { [`key ${token}`]: [`a ${token} b`, 'configured!', 12345678, 'abc', 5] },
        result: { content: [{ type: 'text', text: `env: ${token}` }] },
        error: `Bearer ${token} refused`,
        target: `https://example/?k=configured!`,
        clientName: `claude ${token}`,
      });
      assert.deepEqual(row.arguments, {
        'key ********': ['a ******** b', '********', '********', 'abc', 5],
      });
      assert.deepEqual(row.result, { content: [{ type: 'text', text: 'env: ********' }] });
      assert.equal(row.error, 'Bearer ******** refused');
      assert.equal(row.target, 'https://example/?k=********');
      assert.equal(row.client_name, 'claude ********');
    });

    it('masks them in cut values, and shows no half of one at the edge', () => {
      for (let at = 3700; at <= 4100; at += 7) {
        const text = `${'x'.repeat(at)}${long}${'y'.repeat(6000)}`;
        const { preview } = rowOf({ result: { text } }).result as { preview: string };
        assert.doesNotMatch(preview, /L/, `secret at ${at}`);
        const { error } = rowOf({ error: text });
        assert.doesNotMatch(error ?? '', /L/, `secret at ${at}`);
      }
      const { preview } = rowOf({ result: { text: `${token}${'y'.repeat(6000)}` } }).result as {
        preview: string;
      };
      assert.doesNotMatch(preview, /specials/);
    });

    it('still masks a secret after it was changed', async () => {
      rowOf({});
      await secrets.update({ [secretNames.serverEnv('server_1', 'TOKEN')]: 'another-token' });
      events.publish({ type: 'server.changed', server_id: 'server_1' });
      assert.equal(rowOf({ error: `${token} another-token` }).error, '******** ********');
    });

    it('masks a new secret in a list that was logged before', async () => {
      const list = { method: 'tools/list', result: { tools: [{ name: 'look up no-secret-yet' }] } };
      assert.deepEqual(rowOf(list).result, list.result);
      await secrets.update({ [secretNames.serverEnv('server_1', 'TOKEN')]: 'no-secret-yet' });
      events.publish({ type: 'server.changed', server_id: 'server_1' });
      assert.deepEqual(rowOf(list).result, { tools: [{ name: 'look up ********' }] });
    });
  });
});

function anOperation(changes: Partial<Operation>): Operation {
  return {
    clientId: 'client_1',
    clientName: 'claude',
    vmcpId: 'vmcp_1',
    method: 'tools/call',
    target: 'git.log',
    serverId: 'server_1',
    arguments: { path: '/file.txt' },
    result: { content: [] },
    error: null,
    success: true,
    durationMs: 1.23456,
    toolsExposed: 7,
    at: Date.parse('2026-01-02T03:04:05.678Z'),
    ...changes,
  };
}
