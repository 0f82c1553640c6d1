/** Characters that a person does not see and a model reads. */
interface HiddenKind {
  readonly name: string;
  readonly pattern: RegExp;
}

const hiddenKinds: readonly HiddenKind[] = [
  { name: 'tag characters', pattern: /[\u{E0000}-\u{E007F}]/u },
  { name: 'characters that turn the direction of text', pattern: /[\u202A-\u202E\u2066-\u2069]/u },
  {
    name: 'characters of no width',
    pattern:
      /\u034F|[\u00AD\u115F\u1160\u180E\u200B\u2060-\u2064\u3164\uFEFF\uFFA0]|\u17B4|\u17B5/u,
  },
  { name: 'supplementary variation selectors', pattern: /[\u{E0100}-\u{E01EF}]/u },
  { name: 'private use characters', pattern: /[\uE000-\uF8FF\u{F0000}-\u{10FFFD}]/u },
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals obey them, people do not see them
  { name: 'control characters', pattern: /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/u },
];

const everything = new RegExp(hiddenKinds.map(({ pattern }) => pattern.source).join('|'), 'gu');

/** Joiners belong between the letters of some scripts and in emoji; between Latin letters they hide. */
const strayJoiner = /(?<=[A-Za-z0-9 ])[\u200C\u200D]+(?=[A-Za-z0-9 ])/gu;

/** A word that mixes Latin with look-alikes of other alphabets. */
const mixedWord =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u;

/** What of a text is hidden, in words, and where the first of it stands. */
export interface HiddenText {
  what: string;
  offset: number;
}

/** The first hidden characters of a text, or letters that pretend to be others. */
export function findHiddenCharacters(text: string): HiddenText | undefined {
  for (const { name, pattern } of hiddenKinds) {
    const match = pattern.exec(text);
    if (match) return { what: name, offset: match.index };
  }
  const joiner = text.search(strayJoiner);
  if (joiner >= 0) return { what: 'characters of no width', offset: joiner };
  const mixed = mixedWord.exec(text);
  if (mixed) return { what: 'letters of two alphabets in one word', offset: mixed.index };
  return undefined;
}

/** The text as a model may well understand it: without hidden characters, in compatible letters. */
export function withoutHiddenCharacters(text: string): string {
  return text.normalize('NFKC').replace(everything, '').replace(strayJoiner, '');
}
