const sentinel = /^=\?base64\?(.*)\?=$/s;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * A text as `Mcp-Name` and `Mcp-Param-*` carry it: plain where a header can hold it, else as base64
 * of its UTF-8 bytes (MCP 2026-07-28, basic/transports/streamable-http).
 */
export function encodeHeaderValue(text: string): string {
  const isPlain = /^[\x20-\x7e\t]+$/.test(text) && text.trim() === text && !sentinel.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

/** @returns the text; undefined where the base64 in it is none */
export function decodeHeaderValue(value: string): string | undefined {
  const trimmed = value.trim();
  const encoded = sentinel.exec(trimmed)?.[1];
  if (encoded === undefined) return trimmed;
  if (!base64.test(encoded)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(encoded, 'base64'),
    );
  } catch {
    return undefined; // no UTF-8
  }
}
