import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { itemOf } from './openItem.ts';

/** *Try* above `main` of Python code, and above the text of everything else. */
export class TryLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const place = itemOf(document);
    if (!place) return [];
    const isCode = place.at === 'tool' && place.kind === 'python';
    const main = isCode ? /^(?:async\s+)?def\s+main\b/m.exec(document.getText()) : null;
    const line = document.positionAt(main?.index ?? 0).line;
    const range = new vscode.Range(line, 0, line, 0);
    const lenses = [lens(range, `$(play) ${vscode.l10n.t('Try')}`, commandIds.tryItem)];
    if (place.at === 'tool') {
      const title = `$(settings) ${vscode.l10n.t('Edit the rest')}`;
      lenses.push(lens(range, title, commandIds.editItem));
    }
    return lenses;

    function lens(where: vscode.Range, title: string, command: string): vscode.CodeLens {
      return new vscode.CodeLens(where, { title, command, arguments: [document.uri] });
    }
  }
}
