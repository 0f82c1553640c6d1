import * as vscode from 'vscode';
import type { ExportPreview } from '../../../contract/clientFiles.ts';

/** Documents of what a file would become have addresses of this kind. */
const scheme = 'vmcp-export';

/** Shows in VS Code's diff editor what a file would become; closed again by `dispose`. */
export class ExportDiff implements vscode.Disposable {
  readonly #registration: vscode.Disposable;
  readonly #before: vscode.Uri;
  readonly #after: vscode.Uri;

  constructor(private readonly preview: ExportPreview) {
    const file = vscode.Uri.file(preview.path);
    this.#after = file.with({ scheme, query: `after-${preview.before_hash}` });
    this.#before = preview.exists ? file : file.with({ scheme, query: 'before' });
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) =>
        uri.query === this.#after.query ? preview.after : preview.before,
    });
  }

  async show(): Promise<void> {
    const { path, name } = this.preview;
    const title = vscode.l10n.t('{0}: with “{1}”', path.split(/[\\/]/).at(-1) ?? path, name);
    await vscode.commands.executeCommand('vscode.diff', this.#before, this.#after, title, {
      preview: true,
    });
  }

  dispose(): void {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const own = tabs.filter(
      ({ input }) =>
        input instanceof vscode.TabInputTextDiff &&
        input.modified.toString() === this.#after.toString(),
    );
    void vscode.window.tabGroups.close(own).then(() => this.#registration.dispose());
  }
}
