import type { JsonObject, JsonValue } from '../../contract/json.ts';
import { type Location, Locator } from './location.ts';
import { parseTemplate } from './parseTemplate.ts';
import { printArgumentValue, printTemplate } from './printTemplate.ts';
import type {
  ArgumentValue,
  AwaitedReference,
  Problem,
  Reference,
  Span,
  TagPiece,
  Template,
} from './template.ts';

/** What a template may refer to where it stands. */
export interface KnownNames {
  /** Parameters, then keys of the configuration, then further names for Mustache. */
  param(name: string): boolean;
  config(name: string): boolean;
  /** What is wrong with the name of an item, e.g. that no server has it; undefined: nothing. */
  item(kind: AwaitedReference['kind'], name: string): string | undefined;
}

/** A reference in a template; `variable` and `section` are Mustache's. */
export interface PreviewReference extends Span, Location {
  kind: Reference['kind'] | 'variable' | 'section';
  name: string;
  /** Values of arguments; those with references in them as they would be written. */
  arguments: JsonObject;
}

export interface PreviewProblem extends Problem, Location {}

export interface TemplatePreview {
  /** In the order they are written, those in the arguments of others included. */
  references: PreviewReference[];
  /** Errors cannot be rendered; warnings are names that are unknown now, and other languages' tags. */
  problems: PreviewProblem[];
}

/** Says which references a text holds and what is wrong with it, with places, and renders nothing. */
export function previewTemplate(text: string, known?: KnownNames): TemplatePreview {
  const template = parseTemplate(text);
  const locator = new Locator(text);
  const found = referencesOf(template);
  const unknown = known ? found.flatMap((reference) => unknownName(reference, known)) : [];
  const problems = [...template.problems, ...unknown].sort((a, b) => a.start - b.start);
  return {
    references: found.map(({ isInSection, ...reference }) => ({
      ...reference,
      ...locator.locate(reference.start),
    })),
    problems: problems.map((problem) => ({ ...problem, ...locator.locate(problem.start) })),
  };
}

interface Found extends Omit<PreviewReference, keyof Location> {
  /** A name in a section may be a member of what the section steps into. */
  isInSection: boolean;
}

function referencesOf(template: Template, sections = 0): Found[] {
  let depth = sections;
  return template.pieces.flatMap((piece): Found[] => {
    if (piece.kind === 'text' || piece.kind === 'invalid') return [];
    const isInSection = depth > 0;
    if (piece.kind === 'tag') {
      const { sigil } = piece;
      if (sigil === '#' || sigil === '^') depth += 1;
      if (sigil === '/') depth -= 1;
      return tagReferences(piece, isInSection);
    }
    return [
      { ...describe(piece), isInSection },
      ...nestedTemplates(piece).flatMap((nested) => referencesOf(nested, depth)),
    ];
  });
}

function tagReferences({ sigil, name, start, end }: TagPiece, isInSection: boolean): Found[] {
  if (sigil === '/' || sigil === '!') return [];
  const kind = sigil === '' ? 'variable' : 'section';
  return [{ kind, name, arguments: {}, start, end, isInSection }];
}

function describe(reference: Reference): Omit<Found, 'isInSection'> {
  const { kind, start, end } = reference;
  if (kind === 'resource') {
    return { kind, name: printTemplate(reference.name), arguments: {}, start, end };
  }
  if (!('arguments' in reference)) {
    return { kind, name: reference.name, arguments: {}, start, end };
  }
  const args = reference.arguments.map(({ name, value }) => [name, shown(value)] as const);
  return { kind, name: reference.name, arguments: Object.fromEntries(args), start, end };
}

function shown(value: ArgumentValue): JsonValue {
  if (value.kind === 'constant') return value.value;
  if (value.kind === 'template') return printTemplate(value.template);
  return printArgumentValue(value, 'template');
}

function nestedTemplates(reference: Reference): Template[] {
  if (reference.kind === 'resource') return [reference.name];
  if (!('arguments' in reference)) return [];
  return reference.arguments.flatMap(({ value }) => templatesIn(value));
}

function templatesIn(value: ArgumentValue): Template[] {
  if (value.kind === 'template') return [value.template];
  if (value.kind === 'list') return value.items.flatMap(templatesIn);
  return value.kind === 'object' ? value.members.flatMap(([, member]) => templatesIn(member)) : [];
}

function unknownName(found: Found, known: KnownNames): Problem[] {
  const message = whatIsUnknown(found, known);
  const { start, end } = found;
  return message === undefined ? [] : [{ message, start, end, severity: 'warning' }];
}

function whatIsUnknown({ kind, name, isInSection }: Found, known: KnownNames): string | undefined {
  const parameter = (key: string) => (known.param(key) ? undefined : `Unknown parameter “${key}”`);
  const key = (of: string) => (known.config(of) ? undefined : `Unknown configuration key “${of}”`);
  if (kind === 'param') return parameter(name);
  if (kind === 'config') return key(name);
  if (kind === 'resource' && /[@{]/.test(name)) return undefined; // known when it is rendered
  if (kind !== 'variable' && kind !== 'section') return known.item(kind, name);
  const [first = '', second = ''] = name.split('.');
  if (first === 'config') return key(second);
  if (first === 'param') return parameter(second);
  return isInSection || name === '.' ? undefined : parameter(first);
}
