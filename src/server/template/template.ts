import type { JsonValue } from '../../contract/json.ts';

/**
 * Which parts of the language a text may use.
 * - `template`: all of it; texts of the vMCP's author
 * - `arguments`: references, no Mustache; arguments that a REST client sends
 * - `lenient`: as `arguments`, for clients that do not know the language: what is no well-formed
 *   reference is text, and `@@` is `@` only before a reference (a diff's `@@ -1 +1 @@` stays)
 */
export type Dialect = 'template' | 'arguments' | 'lenient';

/** Where something stands in the whole template, in UTF-16 units; the end is exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** What is wrong with a template. An `error` cannot be rendered. */
export interface Problem extends Span {
  message: string;
  severity: 'error' | 'warning';
}

/** Text that stands in the output as it is; escapes are undone. */
export interface TextPiece {
  kind: 'text';
  text: string;
}

/** `@param.name` or `@config.name`, also written with a colon. */
export interface ValueReference extends Span {
  kind: 'param' | 'config';
  name: string;
  /** The reference as written, for messages. */
  written: string;
}

/** `@tool(name, …)` or `@prompt(name, …)`, in either spelling. The name is resolved when rendered. */
export interface CallReference extends Span {
  kind: 'tool' | 'prompt';
  name: string;
  arguments: readonly Argument[];
  written: string;
}

/** `@resource(name)` in either spelling; its name is a template itself, e.g. `docs.file:///@param.x`. */
export interface ResourceReference extends Span {
  kind: 'resource';
  name: Template;
  written: string;
}

export type AwaitedReference = CallReference | ResourceReference;
export type Reference = ValueReference | AwaitedReference;

/** `name: type = value`; the type converts the value (see argumentTypes.ts). */
export interface Argument {
  name: string;
  type?: string;
  value: ArgumentValue;
}

/** A value in the arguments of a reference. Strings with references in them are templates. */
export type ArgumentValue =
  | { kind: 'constant'; value: JsonValue }
  | { kind: 'template'; template: Template }
  | { kind: 'list'; items: readonly ArgumentValue[] }
  | { kind: 'object'; members: readonly (readonly [string, ArgumentValue])[] };

/** A Mustache tag: variable, `#` section, `^` inverted section, `/` end, `!` comment. */
export interface TagPiece extends Span {
  kind: 'tag';
  sigil: '' | '#' | '^' | '/' | '!';
  /** The name without white space; a comment's text as it is. */
  name: string;
}

/** What looks like a reference or tag and is none; there is a problem of severity `error` for it. */
export interface InvalidPiece extends Span {
  kind: 'invalid';
  written: string;
}

/** The parts of a template in the order they are written. */
export type Piece = TextPiece | Reference | TagPiece | InvalidPiece;

export interface VariableNode extends Span {
  kind: 'variable';
  name: string;
}

export interface SectionNode {
  kind: 'section';
  name: string;
  inverted: boolean;
  nodes: readonly TemplateNode[];
}

/** What rendering walks over: pieces with sections nested and comments gone. */
export type TemplateNode = TextPiece | Reference | InvalidPiece | VariableNode | SectionNode;

/** A parsed template. Values put in for its references and tags are never read as template again. */
export interface Template {
  /** The whole text that the spans count in; of a nested template, the text it stands in. */
  readonly whole: string;
  readonly dialect: Dialect;
  readonly pieces: readonly Piece[];
  readonly nodes: readonly TemplateNode[];
  /** Problems of the whole, those of nested templates included. */
  readonly problems: readonly Problem[];
}
