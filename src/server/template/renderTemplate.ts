import type { JsonValue } from '../../contract/json.ts';
import type { Template, ValueReference } from './parseTemplate.ts';

/**
 * Puts values in for the references. A template that is one reference and nothing else becomes its
 * value with its JSON type; in text, strings stand as they are, null as nothing, others as JSON.
 * @param resolve throws for a reference that cannot be resolved
 */
export function renderTemplate(
  { nodes }: Template,
  resolve: (reference: ValueReference) => JsonValue,
): JsonValue {
  const [first] = nodes;
  if (nodes.length === 1 && first && first.kind !== 'literal') return resolve(first);
  return nodes
    .map((node) => (node.kind === 'literal' ? node.text : embeddedText(resolve(node))))
    .join('');
}

function embeddedText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
