/** Text that stands in a template as it is. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('@', '@@').replaceAll('{{', '{{{{');
}

/** The same in the URL of an HTTP tool, where `{name}` and `/:name` are parameters. */
export function escapeUrlText(text: string): string {
  const encoded = text.replaceAll('{', '%7B').replaceAll('}', '%7D').replaceAll('/:', '/%3A');
  return escapeTemplate(encoded);
}

/** `@config.key` as it stands within a text, where letters before or after would change it. */
export function embedded(reference: string): string {
  return `{{${reference.slice(1)}}}`;
}
