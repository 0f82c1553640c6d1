import { html, render } from 'lit';
import '../shared/page.css';
import { loading } from '../shared/loading.ts';
import { startPage } from '../shared/startPage.ts';

startPage();
render(html`<main class="page">${loading()}</main>`, document.body);
