/**
 * In texts of concrete requests a variable (`{{name}}` of Postman, `$NAME` of a shell) is a mark
 * between two characters that no such text holds, so that URLs and JSON can be read around it.
 */
const [open, close] = ['\ue000', '\ue001'];
const anyMark = /\ue000([^\ue001]*)\ue001/g;

export function mark(name: string): string {
  return open + name + close;
}

/** A foreign text without what could pass for a mark. */
export function withoutMarks(text: string): string {
  return text.replace(/[\ue000\ue001]/g, '');
}

export function hasMark(text: string): boolean {
  return text.includes(open);
}

/** The name in a text that is one mark and nothing else. */
export function onlyMark(text: string): string | undefined {
  const [whole, name] = /^\ue000([^\ue001]*)\ue001$/.exec(text) ?? [];
  return whole === undefined ? undefined : name;
}

/** The text with its marks and what is between them replaced. */
export function replaceMarks(
  text: string,
  variable: (name: string) => string,
  literal: (text: string) => string,
): string {
  return text
    .split(anyMark)
    .map((part, index) => (index % 2 === 0 ? literal(part) : variable(part)))
    .join('');
}

/** JSON with the marks outside of its strings put into quotes. */
export function quoteBareMarks(json: string): string {
  let isInString = false;
  return json.replace(/\\.|"|\ue000[^\ue001]*\ue001/gs, (token) => {
    if (token === '"') isInString = !isInString;
    return token.startsWith(open) && !isInString ? `"${token}"` : token;
  });
}
