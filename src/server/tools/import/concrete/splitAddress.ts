import type { Field } from './concreteRequest.ts';

/** Divides a URL as text into address and query; the fragment is never sent. */
export function splitAddress(url: string): { address: string; query: Field[] } {
  const [withoutFragment = ''] = url.split('#', 1);
  const at = withoutFragment.indexOf('?');
  if (at < 0) return { address: withoutFragment, query: [] };
  return {
    address: withoutFragment.slice(0, at),
    query: parseFields(withoutFragment.slice(at + 1)),
  };
}

/** `a=1&b=%20` as names and values. */
export function parseFields(text: string): Field[] {
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }));
}

/** What a name or value of a query says; text that is not percent-encoded as it is. */
export function decodeUrlText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
