import type { JsonValue } from '../../contract/json.ts';
import { embeddedText } from './embeddedText.ts';
import { describePlace } from './location.ts';
import { type Frame, lookUp, type Missing, missing } from './lookUp.ts';
import type {
  AwaitedReference,
  SectionNode,
  Span,
  Template,
  TemplateNode,
  ValueReference,
  VariableNode,
} from './template.ts';
import { TemplateError, UnresolvedError } from './templateError.ts';
import type { TemplateScope } from './templateScope.ts';

/** A reference to be evaluated, with the values that Mustache names mean there. */
export interface Awaited {
  reference: AwaitedReference;
  frame: Frame | undefined;
}

/** A template that is rendered, and how. */
export interface RenderedTemplate {
  template: Template;
  /** Where it stands, for messages. */
  place: string;
  /** Whether references that do not resolve stay as written. */
  lenient: boolean;
}

/** A template in which only what tools, resources and prompts give is missing. */
export class Unfinished {
  constructor(
    readonly of: RenderedTemplate,
    readonly outputs: readonly (string | Awaited)[],
    /** Whether the template is one reference and nothing else, whose value keeps its type. */
    readonly isWhole: boolean,
  ) {}
}

const maxRendered = 16 * 1024 * 1024;
const maxSteps = 1_000_000;

/**
 * Puts the values at hand into templates that belong together. Values are only ever appended to the
 * output: nothing reads them as template.
 */
export class Composer {
  #rendered = 0;
  #steps = 0;

  constructor(private readonly scope: TemplateScope) {}

  /**
   * @param frame what Mustache names mean first
   * @returns the result, or what is to be awaited for it
   * @throws UnresolvedError, TemplateError
   */
  compose(of: RenderedTemplate, frame?: Frame): JsonValue | Unfinished {
    const { template } = of;
    const walk: Walk = { ...of, outputs: [], text: '' };
    const [only, ...others] = template.nodes;
    const isWhole = only !== undefined && others.length === 0;
    if (isWhole && isValue(only)) return this.#value(only, frame, walk);
    this.#walk(template.nodes, frame, walk);
    if (walk.outputs.length === 0) return walk.text;
    if (walk.text !== '') walk.outputs.push(walk.text);
    return new Unfinished(of, walk.outputs, isWhole && only.kind !== 'section');
  }

  #walk(nodes: readonly TemplateNode[], frame: Frame | undefined, walk: Walk): void {
    this.#steps += nodes.length;
    if (this.#steps > maxSteps) {
      throw new TemplateError(`More than ${maxSteps} repetitions in sections`, walk.place);
    }
    for (const node of nodes) {
      if (node.kind === 'text') this.#put(node.text, walk);
      else if (node.kind === 'section') this.#section(node, frame, walk);
      else if (isValue(node)) this.#put(embeddedText(this.#value(node, frame, walk)), walk);
      else if (node.kind === 'invalid') this.#put(node.written, walk);
      else {
        if (walk.text !== '') walk.outputs.push(walk.text);
        walk.outputs.push({ reference: node, frame });
        walk.text = '';
      }
    }
  }

  /** A list repeats the section, anything else that is not empty steps into it once. */
  #section(section: SectionNode, frame: Frame | undefined, walk: Walk): void {
    const value = lookUp(section.name, frame, this.scope);
    const isEmpty = !value || (Array.isArray(value) && value.length === 0);
    if (section.inverted || isEmpty) {
      if (section.inverted && isEmpty) this.#walk(section.nodes, frame, walk);
      return;
    }
    for (const item of Array.isArray(value) ? value : [value]) {
      this.#walk(section.nodes, item === true ? frame : { value: item, outer: frame }, walk);
    }
  }

  #value(node: ValueNode, frame: Frame | undefined, walk: Walk): JsonValue {
    if (node.kind === 'variable') {
      const value = lookUp(node.name, frame, this.scope);
      // Items of a list need not have all members; at the top a missing name is a mistake.
      const lacking = value === undefined && !frame ? missing(node.name, this.scope) : undefined;
      if (lacking) throw this.#unresolved(lacking, node, walk);
      return value ?? null;
    }
    try {
      const value = this.scope[node.kind](node.name);
      if (value !== undefined) return value;
    } catch (error) {
      if (walk.lenient && error instanceof UnresolvedError) return node.written;
      throw error;
    }
    if (node.kind === 'param' && this.scope.isOptional(node.name)) return null;
    if (walk.lenient) return node.written;
    throw this.#unresolved(node, node, walk);
  }

  /** Counts characters of the output, whoever puts them there. @throws TemplateError for too many */
  count(characters: number, place: string): void {
    this.#rendered += characters;
    if (this.#rendered <= maxRendered) return;
    throw new TemplateError(`The text is longer than ${maxRendered} characters`, place);
  }

  #put(text: string, walk: Walk): void {
    this.count(text.length, walk.place);
    walk.text += text;
  }

  #unresolved({ kind, name }: Missing, span: Span, { template, place }: Walk): UnresolvedError {
    const what = kind === 'param' ? 'No value for parameter' : 'Unknown configuration key';
    const where = describePlace(place, template.whole, span);
    return new UnresolvedError(`${what} “${name}”`, `${where}; write @@ for a literal @`);
  }
}

/** One template being put together. */
interface Walk extends RenderedTemplate {
  outputs: (string | Awaited)[];
  /** What follows the last output. */
  text: string;
}

type ValueNode = ValueReference | VariableNode;

function isValue(node: TemplateNode): node is ValueNode {
  return node.kind === 'param' || node.kind === 'config' || node.kind === 'variable';
}
