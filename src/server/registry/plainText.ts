/** A foreign text on one line, without characters that hide or turn others, and cut. */
export function plainText(value: unknown, most: number): string {
  if (typeof value !== 'string') return '';
  const clean = value
    .slice(0, most * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return clean.length > most ? `${clean.slice(0, most - 1).trimEnd()}…` : clean;
}

/** The address where it is one of the web, else nothing. */
export function webAddress(value: unknown): string {
  if (typeof value !== 'string' || value.length > 2000 || !URL.canParse(value)) return '';
  const { protocol, href } = new URL(value);
  return protocol === 'https:' || protocol === 'http:' ? href : '';
}
