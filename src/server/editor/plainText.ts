/** Characters that are not seen as what they are, or that turn text about. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A foreign text as it may be shown: line breaks are kept, other characters that cannot be seen are
 * not, and what is longer than `limit` characters ends with `…`. Anything but a text is ''.
 */
export function plainText(value: unknown, limit: number): string {
  if (typeof value !== 'string') return '';
  const isLong = value.length > limit * 2;
  const visible = value
    .slice(0, limit * 2)
    .replace(/\r\n?|\t/g, (found) => (found === '\t' ? ' ' : '\n'))
    .replace(unseen, (character) => (character === '\n' ? character : ''))
    .trim();
  const characters = [...visible];
  if (!isLong && characters.length <= limit) return visible;
  return `${characters.slice(0, limit - 1).join('')}…`;
}

/** The same in one line. */
export function plainLine(value: unknown, limit: number): string {
  return plainText(value, limit).replace(/\s*\n\s*/g, ' ');
}
