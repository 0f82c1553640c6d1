import { Source } from './source.ts';
import type { Dialect, Problem, Template } from './template.ts';
import { maxReferences, TemplateScan } from './templateScan.ts';

/** The longest text with references or tags, in UTF-16 units. */
const maxTemplateLength = 1_000_000;

/**
 * Parses a text once, in time linear in its length. Any text is a template: what is no reference or
 * tag stays as it is, e.g. `me@config.com`, where the `@` follows a word, or `@param` without a name.
 * What is malformed is told in `problems`; nothing is thrown.
 */
export function parseTemplate(text: string, dialect: Dialect = 'template'): Template {
  const problems: Problem[] = [];
  if (!text.includes('@') && (dialect !== 'template' || !text.includes('{'))) {
    return plain(text, dialect, problems);
  }
  if (text.length > maxTemplateLength) {
    const message = `A template may have ${maxTemplateLength} characters, not ${text.length}`;
    problems.push({ message, start: 0, end: text.length, severity: 'error' });
    return plain(text, dialect, problems);
  }
  const budget = { left: maxReferences };
  const parse = (source: Source, depth: number): Template =>
    new TemplateScan(source, { whole: text, dialect, depth, problems, budget, parse }).template();
  return parse(new Source(text), 0);
}

function plain(whole: string, dialect: Dialect, problems: readonly Problem[]): Template {
  const pieces = whole === '' ? [] : [{ kind: 'text' as const, text: whole }];
  return { whole, dialect, pieces, nodes: pieces, problems };
}
