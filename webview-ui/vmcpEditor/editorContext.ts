import { errorAt } from '../shared/errorPlaces.ts';
import type { FieldIds } from '../shared/fieldIds.ts';
import type { Edits } from './editorDraft.ts';
import type { EditorModel } from './editorModel.ts';
import type { EditorView } from './editorView.ts';

/** What the parts of the page are made from. */
export interface EditorContext {
  model: EditorModel;
  edits: Edits;
  view: EditorView;
  ids: FieldIds;
}

/** What the server refused at a path of the form, or in something there. */
export function problemAt({ model }: EditorContext, path: string): string | undefined {
  return errorAt(model.refused, path);
}
