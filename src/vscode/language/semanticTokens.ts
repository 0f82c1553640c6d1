import * as vscode from 'vscode';
import type { FoundReference, ReferenceReader } from './referencesIn.ts';

const types = ['variable', 'property', 'function', 'string', 'keyword'] as const;
export const tokenLegend = new vscode.SemanticTokensLegend([...types]);

const typeOf: Record<FoundReference['kind'], (typeof types)[number]> = {
  param: 'variable',
  config: 'property',
  tool: 'function',
  prompt: 'function',
  resource: 'string',
  variable: 'variable',
  section: 'keyword',
};

/** Colours the references in templates, in Markdown and JSON alike. */
export class TemplateTokens implements vscode.DocumentSemanticTokensProvider {
  constructor(private readonly references: ReferenceReader) {}

  async provideDocumentSemanticTokens(
    document: vscode.TextDocument,
  ): Promise<vscode.SemanticTokens> {
    const { references } = await this.references.read(document);
    const builder = new vscode.SemanticTokensBuilder(tokenLegend);
    for (const { start, end, kind } of disjoint(references)) {
      const [from, to] = [document.positionAt(start), document.positionAt(end)];
      for (let { line } = from; line <= to.line; line += 1) {
        const first = line === from.line ? from.character : 0;
        const last = line === to.line ? to.character : document.lineAt(line).text.length;
        if (last <= first) continue;
        builder.push(new vscode.Range(line, first, line, last), typeOf[kind]);
      }
    }
    return builder.build();
  }
}

/** Tokens do not overlap: of nested references the outer one ends where the inner one begins. */
function disjoint(references: readonly FoundReference[]): FoundReference[] {
  const sorted = [...references].sort((a, b) => a.start - b.start || b.end - a.end);
  return sorted.flatMap((reference, index) => {
    const next = sorted[index + 1];
    const end = next
      ? Math.min(reference.end, Math.max(next.start, reference.start))
      : reference.end;
    return end > reference.start ? [{ ...reference, end }] : [];
  });
}
