/** A foreign text for a list: `$(name)` in it would be drawn as an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$\u200B(');
}
