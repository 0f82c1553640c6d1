import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { StatsOverview } from '../../../src/contract/stats.ts';
import '../chart/callChart.ts';
import type { ChartKind } from '../chart/chartOptions.ts';
import type { Dashboard } from '../dashboard.ts';
import { formatBucket, formatCount, formatDuration } from '../format.ts';

/** Calls and durations over time, each with its legend, and one table that says the same. */
export function charts(dashboard: Dashboard, overview: StatsOverview): TemplateResult {
  const chart = (kind: ChartKind, title: string, legend: TemplateResult, summary: string) =>
    html`<section class="chart">
      <div class="row">
        <h2 class="grow">${title}</h2>
        <div class="legend" aria-hidden="true">${legend}</div>
      </div>
      <call-chart
        role="img"
        aria-label=${summary}
        .kind=${kind}
        .overview=${overview}
        .listener=${dashboard.chartListener}
      ></call-chart>
    </section>`;
  return html`<div class="charts">
      ${chart('calls', l10n.t('Calls'), callLegend(), callSummary(overview))}
      ${chart('durations', l10n.t('Duration'), durationLegend(), durationSummary(overview))}
    </div>
    ${readout(dashboard, overview)} ${valueTable(overview)}`;
}

function callLegend(): TemplateResult {
  return html`<span><i class="swatch bar calls"></i>${l10n.t('all')}</span>
    <span><i class="swatch bar errors"></i>${l10n.t('failed')}</span>`;
}

function durationLegend(): TemplateResult {
  return html`<span><i class="swatch line median"></i>p50</span>
    <span><i class="swatch line slow"></i>p95</span>`;
}

function callSummary({ buckets, bucket_ms, totals }: StatsOverview): string {
  const busiest = buckets.reduce((most, each) => (each.calls > most.calls ? each : most));
  return l10n.t(
    'Bar chart of calls over time: {0} calls, {1} failed; most at {2}: {3}',
    formatCount(totals.calls),
    formatCount(totals.errors),
    formatBucket(busiest.time, bucket_ms),
    formatCount(busiest.calls),
  );
}

function durationSummary({ totals }: StatsOverview): string {
  return l10n.t(
    'Line chart of durations over time: in all, half take at most {0}, 95 % at most {1}',
    formatDuration(totals.p50_ms),
    formatDuration(totals.p95_ms),
  );
}

/** What stands under the pointer, in words. */
function readout({ pointed }: Dashboard, { buckets, bucket_ms }: StatsOverview): TemplateResult {
  const bucket = pointed === undefined ? undefined : buckets[pointed];
  const text = bucket
    ? [
        formatBucket(bucket.time, bucket_ms),
        l10n.t('{0} calls', formatCount(bucket.calls)),
        l10n.t('{0} failed', formatCount(bucket.errors)),
        `p50 ${formatDuration(bucket.p50_ms)}`,
        `p95 ${formatDuration(bucket.p95_ms)}`,
      ].join(' · ')
    : l10n.t('Draw over a chart to see a part of the time.');
  return html`<p class="readout muted" aria-hidden="true">${text}</p>`;
}

/** The charts' values, for those who read rather than look. */
function valueTable({ buckets, bucket_ms }: StatsOverview): TemplateResult {
  const busy = buckets.filter(({ calls }) => calls > 0);
  return html`<details class="values">
    <summary>${l10n.t('The charts as a table')}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${l10n.t('The charts as a table')}>
      <table>
        <thead>
          <tr>
            <th scope="col">${l10n.t('Time')}</th>
            <th scope="col" class="number">${l10n.t('Calls')}</th>
            <th scope="col" class="number">${l10n.t('Failed')}</th>
            <th scope="col" class="number">p50</th>
            <th scope="col" class="number">p95</th>
          </tr>
        </thead>
        <tbody>
          ${busy.map(
            (bucket) => html`<tr>
              <th scope="row">${formatBucket(bucket.time, bucket_ms)}</th>
              <td class="number">${formatCount(bucket.calls)}</td>
              <td class="number">${formatCount(bucket.errors)}</td>
              <td class="number">${formatDuration(bucket.p50_ms)}</td>
              <td class="number">${formatDuration(bucket.p95_ms)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
