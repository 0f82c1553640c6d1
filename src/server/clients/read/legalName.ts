/** The longest name of a server. */
const maxName = 64;

/** The nearest legal name; `server` where nothing is left of it. */
export function legalName(text: string): string {
  const legal = text.replace(/[^A-Za-z0-9 _-]+/g, '-').replace(/^[-\s]+|[-\s]+$/g, '');
  return legal.slice(0, maxName).trim() || 'server';
}
