/**
 * Steps one question (one URI against all templates) may take. Real ones take some thousand; a hostile
 * template then just does not match.
 */
const stepBudget = 1_000_000;
const maxTemplateLength = 2_000;
const maxUriLength = 8_192;

/** What remains of the budget; one object for all templates of a question. */
export interface MatchBudget {
  steps: number;
}

export function matchBudget(): MatchBudget {
  return { steps: stepBudget };
}

type Test = (char: string) => boolean;
/** A state of the automaton: goes on by reading a character, or without reading to all of `skip`. */
interface State {
  test?: Test;
  next?: State;
  skip: State[];
}

/**
 * Tells whether a URI may be an expansion of an RFC 6570 template. All operators are understood; values
 * may hold what servers and clients in fact put into them (an unencoded comma), since the server that
 * is asked has the last word. Simulates an automaton: the time is bounded by the product of the
 * lengths, which regular expressions made from foreign text do not promise.
 */
export class UriTemplateMatcher {
  /** Characters outside expressions: the more, the more specific. */
  readonly literalLength: number;
  /** Expressions that may span path segments make a template less specific. */
  readonly openExpressions: number;
  readonly #prefix: string;
  readonly #start: State | undefined;
  readonly #end: State = { skip: [] };

  constructor(template: string) {
    const parts = template.length <= maxTemplateLength ? splitTemplate(template) : [];
    const first = parts[0];
    this.#prefix = first?.literal ?? '';
    this.literalLength = parts.reduce((sum, part) => sum + (part.literal?.length ?? 0), 0);
    this.openExpressions = parts.filter((part) => /^[+#]/.test(part.expression ?? '')).length;
    if (parts.length > 0) {
      this.#start = parts.reduceRight((next, part) => buildPart(part, next), this.#end);
    }
  }

  matches(uri: string, budget: MatchBudget): boolean {
    if (!this.#start || uri.length > maxUriLength || !uri.startsWith(this.#prefix)) return false;
    let states = closure([this.#start]);
    for (const char of uri) {
      budget.steps -= states.size;
      if (budget.steps < 0) return false;
      const reached: State[] = [];
      for (const { test, next } of states) if (next && test?.(char)) reached.push(next);
      if (reached.length === 0) return false;
      states = closure(reached);
    }
    return states.has(this.#end);
  }
}

interface Part {
  literal?: string;
  /** What stands between the braces. */
  expression?: string;
}

/** @returns [] where a brace is left open: such a template matches nothing. */
function splitTemplate(template: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open !== at) {
      const end = open < 0 ? template.length : open;
      parts.push({ literal: template.slice(at, end) });
      at = end;
      continue;
    }
    const close = template.indexOf('}', open);
    if (close < 0) return [];
    parts.push({ expression: template.slice(open + 1, close) });
    at = close + 1;
  }
  return parts;
}

function closure(from: readonly State[]): Set<State> {
  const states = new Set(from);
  for (const state of states) for (const other of state.skip) states.add(other);
  return states;
}

function buildPart(part: Part, next: State): State {
  return part.literal === undefined
    ? buildExpression(part.expression ?? '', next)
    : literal(part.literal, next);
}

/** RFC 6570 section 3.2: what each operator may expand to. */
function buildExpression(expression: string, next: State): State {
  const operator = /^[+#./;?&]/.exec(expression)?.[0] ?? '';
  const names = expression.slice(operator.length).split(',');
  const several = names.length > 1 || expression.endsWith('*');
  switch (operator) {
    case '':
      return oneOrMore(noneOf('/?#'), next);
    case '+':
      return oneOrMore(() => true, next);
    case '#':
      return optional(
        literal(
          '#',
          zeroOrMore(() => true, next),
        ),
        next,
      );
    case '/':
      return optional(literal('/', zeroOrMore(noneOf(several ? '?#' : '/?#'), next)), next);
    case '.':
    case ';':
      return optional(literal(operator, zeroOrMore(noneOf('/?#'), next)), next);
    default:
      return buildQuery(operator, names, next);
  }
}

/** `?a=1&b=2` of the listed names, in any order, or nothing. An exploded one may hold any names. */
function buildQuery(operator: string, names: readonly string[], next: State): State {
  const again: State = { skip: [next] };
  const pairs = names.map((name) => {
    if (name.endsWith('*')) return zeroOrMore(noneOf('&#'), again);
    const value = literal('=', zeroOrMore(noneOf('&#'), again));
    return literal(name.replace(/:\d+$/, ''), value);
  });
  again.skip.push(literal('&', { skip: pairs }));
  return optional(literal(operator, { skip: pairs }), next);
}

function literal(text: string, next: State): State {
  return [...text].reduceRight<State>(
    (after, char) => ({ test: (other) => other === char, next: after, skip: [] }),
    next,
  );
}

function zeroOrMore(test: Test, next: State): State {
  const state: State = { test, skip: [next] };
  state.next = state;
  return state;
}

function oneOrMore(test: Test, next: State): State {
  return { test, next: zeroOrMore(test, next), skip: [] };
}

function optional(state: State, next: State): State {
  return { skip: [state, next] };
}

function noneOf(chars: string): Test {
  return (char) => !chars.includes(char);
}
