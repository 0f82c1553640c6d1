import type { JsonValue } from '../../../contract/json.ts';
import { parseTemplate } from '../../template/parseTemplate.ts';

/** Whether rendering could change a value: a string in it holds references, tags or escapes. */
export function holdsTemplate(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return /@|\{\{/.test(value) && !isPlain(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}

function isPlain(text: string): boolean {
  const { nodes } = parseTemplate(text);
  return nodes.map((node) => (node.kind === 'text' ? node.text : '\0')).join('') === text;
}
