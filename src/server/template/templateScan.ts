import { Cursor, SyntaxFailure } from './cursor.ts';
import { mustacheTree } from './mustacheTree.ts';
import { PieceList } from './pieceList.ts';
import { looksLikeReference, readReference } from './readReference.ts';
import { readTag } from './readTag.ts';
import { SectionStack } from './sectionStack.ts';
import type { Source } from './source.ts';
import type {
  Dialect,
  Piece,
  Problem,
  Reference,
  Span,
  TagPiece,
  Template,
  TemplateNode,
} from './template.ts';

export interface ScanContext {
  /** The whole text; the source may be a part of it. */
  whole: string;
  dialect: Dialect;
  /** How deep the source is nested in references of the whole. */
  depth: number;
  /** Takes what is found. */
  problems: Problem[];
  /** How many references and tags the whole may still have. */
  budget: { left: number };
  /** Parses a text in the arguments of a reference. */
  parse: (source: Source, depth: number) => Template;
}

/** References and tags of one template; they take microseconds each, in which nothing else runs. */
export const maxReferences = 10_000;
const maxWarnings = 100;
const wordCharacter = /[\p{L}\p{N}_]/u;

/** One walk over one text from left to right, in which every character is looked at once. */
export class TemplateScan {
  readonly #cursor: Cursor;
  readonly #list = new PieceList();
  readonly #sections = new SectionStack();
  /** Whether a tag is wrong, so that sections cannot be nested, and what follows from it is not told. */
  #broken = false;
  /** Where the piece before ended if it was a reference: another one may follow at once. */
  #referenceEnd = -1;

  constructor(
    source: Source,
    private readonly context: ScanContext,
  ) {
    this.#cursor = new Cursor(source, 0);
  }

  template(): Template {
    const { whole, dialect, problems } = this.context;
    const pieces = this.#pieces();
    for (const { name, start, end } of this.#broken ? [] : this.#sections.open) {
      this.#report(`The section “${name}” is never closed by {{/${name}}}`, { start, end });
    }
    return { whole, dialect, pieces, nodes: this.#nodes(pieces), problems };
  }

  #pieces(): readonly Piece[] {
    const { text } = this.#cursor.source;
    const { dialect, budget } = this.context;
    const special = dialect === 'template' ? /@|\{[{%]/g : /@/g;
    for (;;) {
      const { position } = this.#cursor;
      special.lastIndex = position;
      const found = budget.left >= 0 ? special.exec(text) : null;
      const next = found?.index ?? text.length;
      this.#list.text(text.slice(position, next));
      this.#cursor.position = next;
      if (next === text.length) return this.#list.done();
      if (!this.#takeEscape(text, next)) this.#takePiece(text, next);
    }
  }

  /** `@@`, `{{{{`, and what is of another template language. */
  #takeEscape(text: string, at: number): boolean {
    if (text.startsWith('@@', at)) {
      const kept = this.context.dialect === 'lenient' && !looksLikeReference(text, at + 1);
      this.#list.text(kept ? '@@' : '@');
      this.#cursor.position += 2;
      return true;
    }
    if (this.#cursor.take('{{{{')) {
      this.#list.text('{{');
      return true;
    }
    if (!this.#cursor.take('{%')) return false;
    this.#list.text('{%');
    this.#report(
      '{% %} is Jinja and stays as text; write {{#name}}…{{/name}}, {{^name}}…{{/name}} for “not”',
      { start: this.#origin(at), end: this.#origin(at + 2) },
      'warning',
    );
    return true;
  }

  #takePiece(text: string, start: number): void {
    const known = this.context.problems.length;
    try {
      const piece = text[start] === '@' ? this.#reference(text, start) : this.#tag(start);
      if (piece) this.#list.add(piece);
      else {
        this.#cursor.position = start + 1;
        this.#list.text(text.slice(start, start + 1));
      }
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      this.context.problems.length = known; // of what is inside, which is text now
      this.#takeInvalid(error, start);
    }
  }

  #reference(text: string, start: number): Reference | undefined {
    const follows = start === this.#referenceEnd;
    if (!follows && wordCharacter.test(text[start - 1] ?? '')) return undefined;
    const { depth, parse, whole, dialect, problems } = this.context;
    const only = (reference: Reference): Template => {
      return { whole, dialect, pieces: [reference], nodes: [reference], problems };
    };
    const spend = (at: number) => this.#spend(at);
    const reference = readReference(this.#cursor, { string: parse, only, spend }, depth + 1);
    if (reference) this.#referenceEnd = this.#cursor.position;
    return reference;
  }

  #tag(start: number): TagPiece {
    this.#spend(start);
    const tag = readTag(this.#cursor);
    const problem = this.#broken ? undefined : this.#sections.follow(tag);
    if (problem !== undefined) {
      this.#broken = true;
      this.#report(problem, { start: tag.start, end: tag.end });
    }
    return tag;
  }

  /** Once there are too many, the rest is text. */
  #spend(start: number): void {
    this.context.budget.left -= 1;
    if (this.context.budget.left >= 0) return;
    this.#broken = true;
    this.#cursor.fail(`A template may have ${maxReferences} references and tags`, start);
  }

  #takeInvalid(failure: SyntaxFailure, start: number): void {
    const { text } = this.#cursor.source;
    const end = Math.min(text.length, Math.max(this.#cursor.position, failure.at, start + 1));
    const at = failure.at < text.length ? failure.at : start;
    this.#cursor.position = end;
    if (text[start] === '{') this.#broken = true;
    const problem = { start: this.#origin(at), end: this.#origin(Math.max(end, at + 1)) };
    this.#report(failure.message, problem);
    this.#list.add({
      kind: 'invalid',
      start: this.#origin(start),
      end: this.#origin(end),
      written: text.slice(start, end),
    });
  }

  #nodes(pieces: readonly Piece[]): readonly TemplateNode[] {
    const untagged = pieces.filter((piece) => piece.kind !== 'tag');
    if (untagged.length === pieces.length || this.#broken || this.#sections.open.length > 0) {
      return untagged;
    }
    return mustacheTree(pieces);
  }

  #origin(index: number): number {
    return this.#cursor.source.origin(index);
  }

  #report(message: string, { start, end }: Span, severity: Problem['severity'] = 'error'): void {
    const { problems } = this.context;
    if (severity === 'warning' && problems.length >= maxWarnings) return;
    problems.push({ message, start, end, severity });
  }
}
