import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { timeLabels } from '../../../webview-ui/dashboard/chart/timeLabels.ts';
import {
  firstFilters,
  isNarrowed,
  keptFilters,
  readFilters,
  toQuery,
} from '../../../webview-ui/dashboard/filters.ts';
import { formatDuration, formatShare } from '../../../webview-ui/dashboard/format.ts';
import { Latest } from '../../../webview-ui/dashboard/latest.ts';

const now = Date.parse('2026-03-10T12:00:00.000Z');

describe('dashboard filters', () => {
  it('become a query: a range back from now, and what is not empty', () => {
    assert.deepEqual(toQuery(firstFilters, now), {
      method: 'tools/call',
      start_date: '2026-03-09T12:00:00.000Z',
    });
    assert.deepEqual(toQuery({ ...firstFilters, range: 'all', search: 'x', method: '' }, now), {
      search: 'x',
    });
  });

  it('take a chosen part of time instead of the range, without its end', () => {
    const span = { start: now - 1000, end: now };
    assert.deepEqual(toQuery({ ...firstFilters, method: '', span }, now), {
      start_date: '2026-03-10T11:59:59.000Z',
      end_date: '2026-03-10T11:59:59.999Z',
    });
  });

  it('are kept and read again, whatever stands there', () => {
    const filters = { ...firstFilters, range: 'week', search: 'a', success: 'false' } as const;
    assert.deepEqual(readFilters(keptFilters({ ...filters, span: { start: 1, end: 2 } })), filters);
    assert.deepEqual(readFilters(undefined), firstFilters);
    const odd = { range: 'constructor', success: 'maybe', tool: 7, search: 'x'.repeat(201) };
    assert.deepEqual(readFilters(odd), firstFilters);
  });

  it('know whether they narrow anything but the time', () => {
    assert.equal(isNarrowed({ ...firstFilters, range: 'all' }), false);
    assert.equal(isNarrowed({ ...firstFilters, tool: 'a.b' }), true);
  });
});

describe('dashboard figures', () => {
  it('are durations as people say them', () => {
    const said = [null, 0.1234, 9.96, 12.4, 999.4, 1_234, 59_900, 125_000].map(formatDuration);
    assert.deepEqual(said, [
      ...['–', '0.12 ms', '10 ms', '12 ms', '999 ms', '1.2 s', '60 s', '2 min 5 s'],
    ]);
  });

  it('are shares that never hide a few', () => {
    assert.deepEqual(
      [
        formatShare(0, 0),
        formatShare(0, 9),
        formatShare(1, 9_999),
        formatShare(3, 70),
        formatShare(1, 2),
      ],
      ['0 %', '0 %', '< 0.1 %', '4.3 %', '50 %'],
    );
  });
});

describe('questions of which the last counts', () => {
  it('give up the one before, whichever answer comes first', async () => {
    const latest = new Latest();
    const used: string[] = [];
    const aborted: boolean[] = [];
    const ask = (answer: string, ticks: number) =>
      latest.run(
        async (signal) => {
          for (let tick = 0; tick < ticks; tick++) await turn();
          aborted.push(signal.aborted);
          return answer;
        },
        (each) => used.push(each),
      );
    assert.deepEqual(await Promise.all([ask('first', 5), ask('second', 1)]), [false, true]);
    assert.deepEqual(used, ['second']);
    assert.deepEqual(aborted, [false, true]);
  });

  it('tell only the failure of the last one', async () => {
    const latest = new Latest();
    const fail = () =>
      latest.run(
        () => Promise.reject(new Error('no')),
        () => undefined,
      );
    const [first, second] = await Promise.allSettled([fail(), fail()]);
    assert.equal(first.status, 'fulfilled');
    assert.equal(second.status, 'rejected');
  });
});

describe('the times below a chart', () => {
  const at = (...texts: string[]) => texts.map((text) => Date.parse(text) / 1_000);
  const night = at('2026-11-20T21:00:00Z', '2026-11-21T00:00:00Z', '2026-11-21T03:00:00Z');

  it('are times of day, with the day where one begins', () => {
    const [evening, midnight, later] = timeLabels(night, 10_800, 'UTC', 'de');
    assert.match(evening ?? '', /^21:00\n20\. Nov/);
    assert.match(midnight ?? '', /^0?0:00\n21\. Nov/);
    assert.match(later ?? '', /^0?3:00$/);
    assert.match(timeLabels(night, 10_800, 'UTC', 'en-US')[2] ?? '', /^3:00\sAM$/);
  });

  it('are days where the lines are days apart', () => {
    const days = at('2026-11-20T00:00:00Z', '2026-11-22T00:00:00Z');
    assert.deepEqual(timeLabels(days, 172_800, 'UTC', 'en-US'), ['Nov 20', 'Nov 22']);
  });
});
