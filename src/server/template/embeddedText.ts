import type { JsonValue } from '../../contract/json.ts';

/** A value as it stands in a text: strings as they are, null as nothing, everything else as JSON. */
export function embeddedText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
