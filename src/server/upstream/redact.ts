import { secretMask } from '../../contract/secretMask.ts';

/** A value shorter than this is no secret; hiding it would only make holes in the text. */
const minLength = 6;

/** Text of a server without the secrets it was given: programs print their settings, servers quote requests. */
export function redact(text: string, secretValues: readonly string[]): string {
  let shown = text;
  for (const value of secretValues) {
    if (value.length >= minLength) shown = shown.replaceAll(value, secretMask);
  }
  return shown;
}
