const named: Record<string, string | undefined> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', E: '\x1b' },
  ...{ '\\': '\\', "'": "'", '"': '"', '?': '?' },
};
const escapeSequence =
  /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([\s\S]))/g;

/** What stands in `$'…'`, with its escapes undone (Bash manual, “ANSI-C Quoting”). */
export function ansiString(text: string): string {
  return text.replace(escapeSequence, (whole, hex, short, long, octal, single) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    const code = hex ?? short ?? long;
    if (code === undefined) return named[single] ?? whole;
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
}
