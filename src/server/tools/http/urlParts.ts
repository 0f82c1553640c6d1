import { RequestError } from './requestError.ts';

/** A stretch of a URL: the author's text as it is, or a value, which is percent-encoded. */
export type UrlPart = { raw: string } | { value: string };

export interface QueryEntry {
  name: readonly UrlPart[];
  /** Undefined: the name stands alone, without `=`. */
  value: readonly UrlPart[] | undefined;
  isSecret?: boolean;
}

/** A rendered URL in parts, so that it can be written with secrets and without. */
export interface UrlParts {
  /** Scheme, host and what the author's base address has of a path. */
  base: string;
  /** `/` and a segment each. */
  segments: readonly (readonly UrlPart[])[];
  query: readonly QueryEntry[];
}

/** What becomes of a value before it is written: itself, or without secrets. */
export type Rewrite = (value: string) => string;

/** A parameter whose name and value are both plain text. */
export function queryEntry(name: string, value: string, isSecret = false): QueryEntry {
  return { name: [{ value: name }], value: [{ value }], isSecret };
}

/**
 * The URL as text. Values are encoded as a whole, so none of them adds a segment, a parameter or a host.
 * @param rewriteSecret for entries that are secret as such, whatever they hold
 * @throws RequestError for a segment that would mean another place
 */
export function formatUrl(
  { base, segments, query }: UrlParts,
  rewrite: Rewrite,
  rewriteSecret: Rewrite = rewrite,
): string {
  const path = segments.map((parts) => `/${formatSegment(parts, rewrite)}`).join('');
  const entries = query.map(({ name, value, isSecret }) => {
    const written = formatParts(name, rewrite);
    if (value === undefined) return written;
    return `${written}=${formatParts(value, isSecret ? rewriteSecret : rewrite)}`;
  });
  const start = segments.length > 0 ? base.replace(/\/+$/, '') : base;
  return rewrite(start) + path + (entries.length > 0 ? `?${entries.join('&')}` : '');
}

/** A query's or form's entries, without `?`. */
export function formatParts(parts: readonly UrlPart[], rewrite: Rewrite): string {
  return parts.map((part) => ('raw' in part ? part.raw : encode(rewrite(part.value)))).join('');
}

/** The parser takes `.` and `..` for places, encoded as well, and an empty segment for the parent. */
function formatSegment(parts: readonly UrlPart[], rewrite: Rewrite): string {
  const written = formatParts(parts, rewrite);
  const holdsValue = parts.some((part) => 'value' in part);
  if (holdsValue && /^(\.|%2e){0,2}$/i.test(written)) {
    const what = written === '' ? 'empty' : `"${written}"`;
    throw new RequestError(
      `A value in the path of the URL is ${what}; it would mean another address`,
    );
  }
  return written;
}

function encode(value: string): string {
  // A lone surrogate cannot be encoded; the buffer makes it U+FFFD.
  return encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
}
