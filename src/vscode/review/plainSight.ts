/** Characters that people do not see as what they are; a model or a program reads them. */
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00A0\u115F\u1160\u17B4\u17B5\u2000-\u200A\u202F\u205F\u3000\u3164\uFFA0]|\u034F|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/gu;

/** JSON with every character that hides, or moves text about, as its escape; line breaks stay. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(unseen, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

/** One argument of a command line, in quotes where it would be read as something else without. */
export function visibleArgument(text: string): string {
  if (/^[\w@%+=:,./\\~-]+$/.test(text)) return text;
  return JSON.stringify(text).replace(unseen, escaped);
}

/** Notifications make links of Markdown; what a server is called is none. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
