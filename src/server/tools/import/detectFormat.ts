import type { ImportFormat } from '../../../contract/toolImport.ts';

/** What a text most likely is. */
export function detectFormat(text: string): ImportFormat {
  const start = text.slice(0, 20_000);
  if (!/^[\s\ufeff]*\{/.test(start))
    return /^[ \t$%]*(\w+=\S*\s+)*([\w/.\\]*[/\\])?curl(\.exe)?\s/m.test(start)
      ? 'curl'
      : 'openapi';
  const isPostman =
    /"(_postman_id|_exporter_id)"|schema\.(get)?postman\.com|"collection"\s*:\s*\{/.test(start);
  return isPostman ? 'postman' : 'openapi';
}
