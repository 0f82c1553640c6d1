import type { JsonObject } from '../../src/contract/json.ts';
import type { OperationInput } from '../../src/contract/webview/operations.ts';

/** Time ranges to choose from: so many hours back; `all`: everything. */
export const ranges = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24, all: undefined } as const;
export type Range = keyof typeof ranges;

/** What the dashboard shows; an empty text means all. */
export interface Filters {
  range: Range;
  /** A part of time that was chosen in a chart, instead of the range; milliseconds since 1970. */
  span: { start: number; end: number } | undefined;
  vmcp_id: string;
  server_id: string;
  client_id: string;
  method: string;
  tool: string;
  success: '' | 'true' | 'false';
  search: string;
}

/** The filters that are one text each. */
export const textFilters = [
  ...(['vmcp_id', 'server_id', 'client_id', 'method', 'tool', 'success', 'search'] as const),
];

/** Calls of tools in the last day: what most people look for. */
export const firstFilters: Filters = {
  range: 'day',
  span: undefined,
  vmcp_id: '',
  server_id: '',
  client_id: '',
  method: 'tools/call',
  tool: '',
  success: '',
  search: '',
};

/** As the statistics take them. @param now milliseconds since 1970 */
export function toQuery(filters: Filters, now: number): OperationInput<'getOverview'>['query'] {
  const { range, span } = filters;
  const hours = ranges[range];
  const time = (at: number) => new Date(at).toISOString();
  const texts = textFilters.flatMap((name) =>
    filters[name] === '' ? [] : [[name, filters[name]] as const],
  );
  return {
    ...Object.fromEntries(texts),
    // an end date is inclusive, and a chosen part is not
    ...(span && { start_date: time(span.start), end_date: time(span.end - 1) }),
    ...(!span && hours !== undefined && { start_date: time(now - hours * 3_600_000) }),
  };
}

/** Filters that were kept; what does not fit (any more) is as at first. */
export function readFilters(kept: JsonObject | undefined): Filters {
  const filters = { ...firstFilters };
  if (!kept) return filters;
  if (typeof kept.range === 'string' && Object.hasOwn(ranges, kept.range)) {
    filters.range = kept.range as Range;
  }
  for (const name of textFilters) {
    const value = kept[name];
    if (typeof value !== 'string' || value.length > 200) continue;
    if (name !== 'success') filters[name] = value;
    else if (value === '' || value === 'true' || value === 'false') filters.success = value;
  }
  return filters;
}

/** What is kept of filters; a chosen part of time is not, because it is soon over. */
export function keptFilters({ span: _, ...filters }: Filters): JsonObject {
  return filters;
}

/** Whether anything but the time is narrowed. */
export function isNarrowed(filters: Filters): boolean {
  return textFilters.some((name) => filters[name] !== firstFilters[name]);
}
