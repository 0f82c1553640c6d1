import type { Cursor } from './cursor.ts';
import type { TagPiece } from './template.ts';

const name = /^(?:\.|[\p{L}\p{N}_$-]+(?:\.[\p{L}\p{N}_$-]+)*)$/u;
const maxNameLength = 200;

/**
 * Reads a Mustache tag, from `{{` to `}}`. Partials and set-delimiter tags are refused: templates
 * have no files beside them, and what is a tag must not change within a text.
 * @throws SyntaxFailure
 */
export function readTag(cursor: Cursor): TagPiece {
  const start = cursor.position;
  const { source } = cursor;
  const closing = source.text.startsWith('{{{', start) ? '}}}' : '}}';
  const end = source.text.indexOf(closing, start + closing.length);
  if (end < 0) {
    cursor.position = start + 2;
    cursor.fail(`The tag is never closed by ${closing}; write {{{{ for a literal {{`, start);
  }
  cursor.position = end + closing.length;
  const span = { start: source.origin(start), end: source.origin(cursor.position) };
  const content = source.text.slice(start + closing.length, end);
  const sigil = closing === '}}}' ? '{' : (/[#^/&!>=]/.exec(content.charAt(0))?.[0] ?? '');
  if (sigil === '!') return { kind: 'tag', sigil, name: content.slice(1), ...span };
  if (sigil === '>') cursor.fail('Partials are not supported; use @prompt(vmcp.name)', start);
  if (sigil === '=') cursor.fail('The delimiters of tags cannot be changed', start);
  const tagName = (sigil === '' || sigil === '{' ? content : content.slice(1)).trim();
  const wrong = whatIsWrong(tagName);
  if (wrong !== undefined) cursor.fail(wrong, start);
  const plain = sigil === '{' || sigil === '&';
  return { kind: 'tag', sigil: plain ? '' : (sigil as TagPiece['sigil']), name: tagName, ...span };
}

function whatIsWrong(tagName: string): string | undefined {
  if (tagName === 'param' || tagName === 'config') {
    return `Say what of “${tagName}” is meant: ${tagName}.name`;
  }
  if (tagName.length <= maxNameLength && name.test(tagName)) return undefined;
  const shown = tagName.length > 40 ? `${tagName.slice(0, 40)}…` : tagName;
  return `“${shown}” is no name: Mustache knows names only, no expressions or filters`;
}
