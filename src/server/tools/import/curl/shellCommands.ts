import { type Assignment, forEachChild, parse, type SyntaxNode, type WordPart } from 'unbash';
import { InvalidError } from '../../../appErrors.ts';
import { mark, withoutMarks } from '../concrete/marks.ts';

/**
 * Divides the text of a shell (Bash) into simple commands and their words, those inside of loops and
 * conditions included. Variables and what commands would print become marks; redirections are left out.
 * @throws InvalidError with line and column for text that is no shell's
 */
export function shellCommands(text: string): string[][] {
  const source = withoutMarks(text).replaceAll('\r\n', '\n');
  const script = parse(source);
  const [mistake] = script.errors ?? [];
  if (mistake) {
    const before = source.slice(0, mistake.pos).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new InvalidError(`The command line cannot be read: ${mistake.message}`, `text: ${place}`);
  }
  const commands: string[][] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command') commands.push(wordsOf(node));
    else forEachChild(node, visit);
  };
  visit(script);
  return commands.filter((words) => words.length > 0);
}

function wordsOf(command: SyntaxNode & { type: 'Command' }): string[] {
  const words = [...command.prefix, command.name, ...command.suffix].map((part) => {
    if (part?.type === 'Word') return wordText(part);
    return part?.type === 'Assignment' ? assignmentText(part) : undefined;
  });
  return words.filter((word) => word !== undefined);
}

function assignmentText({ name, value, text }: Assignment): string {
  return value.type === 'Word' ? `${name}=${wordText(value)}` : text;
}

function wordText(word: { value: string; parts?: readonly WordPart[] | undefined }): string {
  return word.parts ? word.parts.map(partText).join('') : word.value;
}

function partText(part: WordPart): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map(partText).join('');
    case 'SimpleExpansion':
      return /^\$[A-Za-z_]/.test(part.text) ? mark(part.text.slice(1)) : part.text;
    case 'ParameterExpansion':
      return mark(part.parameter);
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return mark('command_output');
    default:
      return part.text; // curl expands {a,b} and [1-3] itself, and ? and * stand in URLs
  }
}
