import { render } from 'lit';
import '../shared/page.css';
import '../shared/tryOut/tryOut.css';
import './toolEditor.css';
import { contentShown } from '../shared/contentShown.ts';
import { FieldIds } from '../shared/fieldIds.ts';
import { Rest } from '../shared/rest.ts';
import { startPage } from '../shared/startPage.ts';
import { FormFields } from './formFields.ts';
import { ToolModel } from './toolModel.ts';
import { toolPage } from './toolPage.ts';

const link = startPage();
const model = new ToolModel(link, new Rest(link), show);
const form = new FormFields(model, new FieldIds());
void model.start();
show();
window.addEventListener('keydown', (event) => {
  if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void model.save();
});

function show(): void {
  render(toolPage(form, link), document.body);
  if (model.edits) contentShown();
}
