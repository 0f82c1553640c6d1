/** Text that stands in the output as it is; `@@` has become `@`. */
export interface LiteralNode {
  kind: 'literal';
  text: string;
}

/** `@param:name` or `@config:name`, also written with a dot. */
export interface ValueReference {
  kind: 'param' | 'config';
  name: string;
  /** The reference as written, for messages. */
  written: string;
  /** Where it begins and ends in the template, in UTF-16 units. */
  start: number;
  end: number;
}

export type TemplateNode = LiteralNode | ValueReference;

/** A parsed template. Values put in for its references are never read as template again. */
export interface Template {
  readonly nodes: readonly TemplateNode[];
}

const valueReference = /@(param|config)[.:]([\p{L}\p{N}_]+)/uy;
const wordCharacter = /[\p{L}\p{N}_]/u;

/**
 * Parses text once into literals and references. Any text is a template: what is no reference stays
 * as it is, e.g. `me@config.com`, where the `@` follows a word, or `@param` without a name. A name
 * ends at the first character that is no letter, digit or `_`, so punctuation after it is text.
 */
export function parseTemplate(text: string): Template {
  const nodes: TemplateNode[] = [];
  let literal = '';
  let position = 0;
  const takeLiteral = (upTo: number) => {
    literal += text.slice(position, upTo);
    position = upTo;
  };
  const flushLiteral = () => {
    if (literal !== '') nodes.push({ kind: 'literal', text: literal });
    literal = '';
  };
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', position)) {
    takeLiteral(at);
    const reference = text[at + 1] === '@' ? undefined : referenceAt(text, at, nodes.at(-1));
    if (reference) {
      flushLiteral();
      nodes.push(reference);
      position = reference.end;
    } else {
      takeLiteral(at + 1);
      if (text[position] === '@') position += 1; // `@@` is `@`
    }
  }
  takeLiteral(text.length);
  flushLiteral();
  return { nodes };
}

function referenceAt(
  text: string,
  at: number,
  last: TemplateNode | undefined,
): ValueReference | undefined {
  const followsReference = last !== undefined && last.kind !== 'literal' && last.end === at;
  if (!followsReference && wordCharacter.test(text[at - 1] ?? '')) return undefined;
  valueReference.lastIndex = at;
  const [written, kind, name] = valueReference.exec(text) ?? [];
  if (written === undefined || name === undefined) return undefined;
  return {
    kind: kind === 'param' ? 'param' : 'config',
    name,
    written,
    start: at,
    end: at + written.length,
  };
}
