import { parseTemplate } from '../../../template/parseTemplate.ts';
import { placeIn } from '../../itemProblem.ts';
import { escapeTemplate } from '../templateText.ts';

/**
 * A text of another template language as one of vMCP. What means nothing here (Jinja's `{% %}`,
 * filters and expressions) stays in it as text, so that the rest works; each such place is noted.
 */
export function acceptedTemplate(text: string): { text: string; notes: string[] } {
  const { pieces, problems } = parseTemplate(text);
  const notes = problems.map(({ message, start }) => `${placeIn(text, start)}: ${message}`);
  const invalid = pieces.filter((piece) => piece.kind === 'invalid');
  let accepted = '';
  let position = 0;
  for (const { start, end } of invalid) {
    accepted += text.slice(position, start) + escapeTemplate(text.slice(start, end));
    position = end;
  }
  accepted += text.slice(position);
  // Sections that are not closed spoil the whole.
  return { text: isWell(accepted) ? accepted : escapeTemplate(text), notes };
}

function isWell(text: string): boolean {
  return parseTemplate(text).problems.every(({ severity }) => severity !== 'error');
}
