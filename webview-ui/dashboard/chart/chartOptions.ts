import './legalLanguage.ts'; // before uPlot
import uPlot from 'uplot';
import type { StatsOverview } from '../../../src/contract/stats.ts';
import { formatCount, formatDuration } from '../format.ts';
import type { ChartTheme } from './chartTheme.ts';
import { timeLabels } from './timeLabels.ts';

export type ChartKind = 'calls' | 'durations';

/** What a chart tells its page. */
export interface ChartListener {
  /** The bucket under the pointer; undefined where there is none. */
  pointed(index: number | undefined): void;
  /** A part of the time that was drawn over, milliseconds since 1970. */
  chosen(start: number, end: number): void;
}

export interface ChartInput {
  kind: ChartKind;
  overview: StatsOverview;
  theme: ChartTheme;
  width: number;
  height: number;
}

/** The values as uPlot draws them: seconds since 1970, then a row for each series. */
export function chartData({
  kind,
  overview,
}: Pick<ChartInput, 'kind' | 'overview'>): uPlot.AlignedData {
  const { buckets } = overview;
  const times = buckets.map(({ time }) => Date.parse(time) / 1000);
  return kind === 'calls'
    ? [times, buckets.map(({ calls }) => calls), buckets.map(({ errors }) => errors || null)]
    : [times, buckets.map(({ p50_ms }) => p50_ms), buckets.map(({ p95_ms }) => p95_ms)];
}

export function chartOptions(input: ChartInput, listener: ChartListener): uPlot.Options {
  const { kind, overview, theme, width, height } = input;
  const bucket = overview.bucket_ms / 1000;
  const isDays = overview.bucket_ms >= 86_400_000;
  const axis = {
    stroke: theme.text,
    font: theme.font,
    grid: { stroke: theme.grid, width: 0.5 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    // days are those of UTC
    tzDate: (seconds) =>
      isDays ? uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC') : new Date(seconds * 1e3),
    cursor: {
      y: false,
      points: { show: kind === 'durations', size: 6 },
      drag: { x: true, y: false, setScale: false },
    },
    scales: {
      x: {
        range: (_, first, last) => [(first ?? 0) - bucket / 2, (last ?? 0) + bucket / 2],
      },
      y: { range: (_, _first, last) => [0, Math.max(last ?? 0, 1) * 1.05] },
    },
    axes: [
      {
        ...axis,
        space: 70,
        size: 42,
        values: (_, splits, _axis, _space, step) =>
          timeLabels(splits, step, isDays ? 'Etc/UTC' : undefined),
      },
      {
        ...axis,
        size: kind === 'calls' ? 44 : 60,
        space: 28,
        incrs: kind === 'calls' ? wholeSteps : undefined,
        values: (_, splits) =>
          splits.map((value) => (kind === 'calls' ? formatCount(value) : formatDuration(value))),
      } as uPlot.Axis,
    ],
    series: [
      {},
      ...(kind === 'calls'
        ? countSeries(theme, width / overview.buckets.length)
        : durationSeries(theme)),
    ],
    hooks: {
      setCursor: [({ cursor }) => listener.pointed(cursor.idx ?? undefined)],
      setSelect: [(chart) => choose(chart, bucket, listener)],
    },
  };
}

const wholeSteps = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5, 6].map((power) => step * 10 ** power))
  .sort((a, b) => a - b);

/** Pixels of a bar that is wide enough for a line around it. */
const roomForLines = 5;

/** Failed calls are narrower bars before the others: told apart by shape, too. */
function countSeries(theme: ChartTheme, room: number): uPlot.Series[] {
  const bars = (share: number): Partial<uPlot.Series> => {
    const paths = uPlot.paths.bars?.({ size: [share, 40], align: 0 });
    return { width: room < roomForLines ? 0 : 1, points: { show: false }, ...(paths && { paths }) };
  };
  return [
    { stroke: theme.calls, fill: faint(theme.calls), ...bars(0.8) },
    { stroke: theme.errors, fill: theme.errors, ...bars(0.4) },
  ];
}

/** The 95th percentile is dashed. */
function durationSeries(theme: ChartTheme): uPlot.Series[] {
  const line = (stroke: string, dash?: number[]): uPlot.Series => ({
    stroke,
    width: 1.5,
    spanGaps: true,
    points: { size: 5, fill: stroke, show: hasRoomForPoints },
    ...(dash && { dash }),
  });
  return [line(theme.median), line(theme.slow, [6, 4])];
}

/** Pixels for each of the points that stand apart. */
const roomForPoints = 12;

/** Few values are points, too: a single one makes no line. */
function hasRoomForPoints({ data, width }: uPlot, series: number): boolean {
  const values = (data[series] ?? []).filter((value) => value != null);
  return values.length * roomForPoints <= width;
}

/** A theme's colour, lighter; themes write them as `#rrggbb` or as functions. */
function faint(colour: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}55` : colour;
}

/** What was drawn over, in whole buckets. */
function choose(chart: uPlot, bucket: number, listener: ChartListener): void {
  const { left, width } = chart.select;
  if (width < 4) return;
  const index = (at: number) => chart.posToIdx(at);
  const times = chart.data[0];
  const first = times[index(left)] ?? 0;
  const last = times[index(left + width)] ?? 0;
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  listener.chosen(first * 1000, (last + bucket) * 1000);
}
