import { render } from 'lit';
import '../shared/page.css';
import './vmcpEditor.css';
import { contentShown } from '../shared/contentShown.ts';
import { FieldIds } from '../shared/fieldIds.ts';
import { Rest } from '../shared/rest.ts';
import { startPage } from '../shared/startPage.ts';
import { EditorModel } from './editorModel.ts';
import { editorPage, emptyPage } from './editorPage.ts';
import { EditorView } from './editorView.ts';
import { PromptPreview } from './promptPreview.ts';

let scheduled = false;
const link = startPage();
const rest = new Rest(link);
const ids = new FieldIds();
const model = new EditorModel(link, rest, schedule);
const view = new EditorView(link, schedule);
const preview = new PromptPreview(model.vmcpId, rest, schedule);
let scrollTo = Number(link.firstView.top ?? 0);

/** Several changes in a row are drawn at once. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    draw();
  });
}

function draw(): void {
  const { edits } = model;
  const page = edits ? editorPage({ model, edits, view, ids }, preview) : emptyPage(model);
  render(page, document.body);
  if (!edits || !model.vmcp) return;
  contentShown();
  if (scrollTo === 0) return;
  window.scrollTo({ top: scrollTo });
  scrollTo = 0;
}

model.onRefused = (path) => {
  view.reveal(path);
  // After the drawing that this asked for.
  setTimeout(() => document.querySelector('.sections .wrong')?.scrollIntoView({ block: 'center' }));
};
document.addEventListener('scroll', () => view.scrolled(), { passive: true });
document.addEventListener('keydown', (event) => {
  if (event.key !== 's' || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void model.save();
});
draw();
void model.load();
