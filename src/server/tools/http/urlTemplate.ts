import type { ApiConfig, Variable } from '../../../contract/customItems.ts';
import type { JsonValue } from '../../../contract/json.ts';
import { RequestError } from './requestError.ts';
import { type Rendered, type TemplateBatch, textOf } from './templateBatch.ts';
import {
  literalPiece,
  type Piece,
  parameterPiece,
  templatePieces,
  urlPieces,
} from './templatePieces.ts';
import { type QueryEntry, queryEntry, type UrlPart, type UrlParts } from './urlParts.ts';

/**
 * Takes an author's URL apart before any value is in it: base, path segments, query parameters.
 * @throws RequestError where scheme or host depend on what a client sends
 */
export function prepareUrl(
  { url, query_params }: Pick<ApiConfig, 'url' | 'query_params'>,
  variables: readonly Variable[],
  batch: TemplateBatch,
): Rendered<UrlParts> {
  const names = new Set(variables.map(({ name }) => name));
  const { base, path, query } = divide(urlPieces(url));
  const outsider = base.find((piece) => !isAuthors(piece, names));
  if (outsider) {
    throw new RequestError(
      `The host of the URL depends on ${outsider.text}; it may only come from the configuration (@config)`,
    );
  }
  const renderedBase = base.map((piece) => preparePart(piece, 'url', batch));
  const segments = path.map((segment) =>
    prepareParts(colonParameter(segment, names), 'url', batch),
  );
  const own = prepareEntries(query, 'url', batch);
  const added = Object.entries(query_params).map(([name, value]) => {
    const rendered = batch.value(value, `query_params.${name}`);
    return () => namedEntries(name, rendered());
  });
  return () => {
    const { start, search } = readBase(
      renderedBase
        .map((part) => part())
        .map(plainText)
        .join(''),
    );
    const entries = [...readRawQuery(search), ...own(), ...added.flatMap((entry) => entry())];
    return { base: start, segments: segments.map((segment) => segment()), query: entries };
  };
}

/** A parameter's entries: none for nothing, one for each item of a list. */
export function namedEntries(name: string, value: JsonValue | undefined): QueryEntry[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => queryEntry(name, textOf(item)));
}

/** A query or form that the author wrote as text, `a=1&b=@param:x`; what gives nothing is left out. */
export function prepareQueryText(
  text: string,
  place: string,
  batch: TemplateBatch,
): Rendered<QueryEntry[]> {
  return prepareEntries(templatePieces(text), place, batch);
}

function prepareEntries(
  pieces: readonly Piece[],
  place: string,
  batch: TemplateBatch,
): Rendered<QueryEntry[]> {
  const entries = splitAll(pieces, '&')
    .filter((entry) => entry.length > 0)
    .map((entry) => prepareEntry(entry, place, batch));
  return () => entries.flatMap((entry) => entry());
}

function prepareEntry(
  pieces: readonly Piece[],
  place: string,
  batch: TemplateBatch,
): Rendered<QueryEntry[]> {
  const [before, after] = splitOnce(pieces, /=/);
  const name = prepareParts(before, place, batch);
  if (!after) return () => [{ name: name(), value: undefined }];
  const [only] = after;
  if (after.length === 1 && only && only.kind !== 'literal') {
    const value = batch.text(only.text, place);
    return () => {
      const written = name();
      return namedEntries('', value()).map((entry) => ({ ...entry, name: written }));
    };
  }
  const value = prepareParts(after, place, batch);
  return () => [{ name: name(), value: value() }];
}

function prepareParts(
  pieces: readonly Piece[],
  place: string,
  batch: TemplateBatch,
): Rendered<UrlPart[]> {
  const parts = pieces.map((piece) => preparePart(piece, place, batch));
  return () => parts.map((part) => part());
}

function preparePart(piece: Piece, place: string, batch: TemplateBatch): Rendered<UrlPart> {
  if (piece.kind === 'literal') return () => ({ raw: piece.text });
  const rendered = batch.text(piece.text, place);
  return () => {
    const value = rendered();
    const isPlainList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
    return { value: isPlainList ? value.join(',') : textOf(value) };
  };
}

/** Base: scheme and host, or the reference that the URL begins with. */
function divide(pieces: readonly Piece[]): { base: Piece[]; path: Piece[][]; query: Piece[] } {
  const [address] = splitOnce(pieces, /#/);
  const [beforeQuery, query = []] = splitOnce(address, /\?/);
  const [scheme, afterScheme] = splitScheme(beforeQuery);
  const [host, path] = splitOnce(afterScheme, /\//);
  return { base: [...scheme, ...host], path: path ? splitAll(path, '/') : [], query };
}

/** `https://` or `@config:scheme` and `://`, where the URL begins so. */
function splitScheme(pieces: readonly Piece[]): [Piece[], Piece[]] {
  const index = pieces[0]?.kind === 'literal' ? 0 : 1;
  const piece = pieces[index];
  const [scheme] = /^[a-z\d+.-]*:\/\//i.exec(piece?.kind === 'literal' ? piece.text : '') ?? [];
  if (!piece || scheme === undefined) return [[], [...pieces]];
  const after = literalOf(piece.text.slice(scheme.length));
  return [
    [...pieces.slice(0, index), ...literalOf(scheme)],
    [...after, ...pieces.slice(index + 1)],
  ];
}

function isAuthors(piece: Piece, variables: ReadonlySet<string>): boolean {
  if (piece.kind === 'literal' || piece.kind === 'config') return true;
  // What is no argument of the tool comes from the configuration.
  return piece.kind === 'param' && piece.name !== undefined && !variables.has(piece.name);
}

/** `:name` at the start of a segment is a parameter, where there is one of that name. */
function colonParameter(segment: readonly Piece[], variables: ReadonlySet<string>): Piece[] {
  const [first, ...rest] = segment;
  const [whole = '', name = ''] = /^:([A-Za-z_]\w*)/.exec(first?.text ?? '') ?? [];
  if (first?.kind !== 'literal' || !variables.has(name)) return [...segment];
  const after = first.text.slice(whole.length);
  return [parameterPiece(name), ...literalOf(after), ...rest];
}

function readBase(text: string): { start: string; search: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text)) {
    throw new RequestError(`The URL must begin with http:// or https:// and a host, not "${text}"`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RequestError('The URL holds credentials; they belong into auth');
  }
  return { start: url.origin + url.pathname, search: url.search.slice(1) };
}

function readRawQuery(search: string): QueryEntry[] {
  if (search === '') return [];
  return search.split('&').map((entry) => ({ name: [{ raw: entry }], value: undefined }));
}

function plainText(part: UrlPart): string {
  return 'raw' in part ? part.raw : part.value;
}

/** Divides at the first match in a literal; the second half is undefined where there is none. */
function splitOnce(pieces: readonly Piece[], separator: RegExp): [Piece[], Piece[] | undefined] {
  for (const [index, piece] of pieces.entries()) {
    const match = piece.kind === 'literal' ? separator.exec(piece.text) : null;
    if (!match) continue;
    const before = piece.text.slice(0, match.index);
    const after = piece.text.slice(match.index + match[0].length);
    return [
      [...pieces.slice(0, index), ...literalOf(before)],
      [...literalOf(after), ...pieces.slice(index + 1)],
    ];
  }
  return [[...pieces], undefined];
}

function splitAll(pieces: readonly Piece[], separator: string): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind !== 'literal') {
      parts.at(-1)?.push(piece);
      continue;
    }
    const [first = '', ...rest] = piece.text.split(separator);
    parts.at(-1)?.push(...literalOf(first));
    for (const text of rest) parts.push(literalOf(text));
  }
  return parts;
}

function literalOf(text: string): Piece[] {
  return text === '' ? [] : [literalPiece(text)];
}
