import { parseTemplate } from './parseTemplate.ts';

/** Whether a text is made of references to values (`@config.key`, `{{config.key}}`) and nothing else. */
export function isOnlyReferences(text: string): boolean {
  const { pieces } = parseTemplate(text);
  return (
    pieces.length > 0 &&
    pieces.every((piece) =>
      piece.kind === 'tag' ? piece.sigil === '' : piece.kind === 'param' || piece.kind === 'config',
    )
  );
}
