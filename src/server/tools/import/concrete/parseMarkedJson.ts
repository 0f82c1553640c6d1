import type { JsonValue } from '../../../../contract/json.ts';
import { quoteBareMarks } from './marks.ts';

/** The value of JSON text with marks inside or outside of its strings; undefined for other texts. */
export function parseMarkedJson(text: string): JsonValue | undefined {
  if (!/^\s*["[{]/.test(text)) return undefined;
  try {
    return JSON.parse(quoteBareMarks(text)) as JsonValue;
  } catch {
    return undefined; // it is sent as the text it is
  }
}
