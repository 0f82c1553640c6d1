type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing more';

const whitespace = /[ \t\r\n]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Where a text stops being JSON (RFC 8259), as an index; undefined where it is JSON. Needed because
 * JSON.parse tells the position in some of its messages only, differently in each version of V8.
 */
export function jsonErrorPosition(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let index = skip(whitespace, text, 0);
  while (index < text.length) {
    const token = text[index] ?? '';
    let next = index + 1;
    if (isClosing(token, expected, open.at(-1))) {
      open.pop();
      expected = open.length > 0 ? ', or end' : 'nothing more';
    } else if (expected === ', or end' && token === ',') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expected === ':' && token === ':') {
      expected = 'value';
    } else if ((expected === 'key' || expected === 'key or }') && token === '"') {
      next = endOfString(text, index);
      expected = ':';
    } else if (expected !== 'value' && expected !== 'value or ]') {
      return index;
    } else if (token === '{' || token === '[') {
      open.push(token);
      expected = token === '{' ? 'key or }' : 'value or ]';
    } else {
      next = token === '"' ? endOfString(text, index) : skip(scalar, text, index);
      if (next === index) return index;
      expected = open.length > 0 ? ', or end' : 'nothing more';
    }
    if (next < 0) return -next - 1;
    index = skip(whitespace, text, next);
  }
  return expected === 'nothing more' ? undefined : text.length;
}

function isClosing(token: string, expected: Expected, open: '{' | '[' | undefined): boolean {
  if (token === '}') return open === '{' && (expected === 'key or }' || expected === ', or end');
  return token === ']' && open === '[' && (expected === 'value or ]' || expected === ', or end');
}

/** Index after the string that begins at `start`; −(i + 1) where it breaks at index i. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index + 1;
    const next = code === 0x5c ? skip(escapeSequence, text, index) : index + 1;
    if (code < 0x20 || next === index) return -index - 1;
    index = next;
  }
  return -text.length - 1;
}

/** Index after what `pattern` matches at `index`; `index` itself where it does not match. */
function skip(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : index;
}
