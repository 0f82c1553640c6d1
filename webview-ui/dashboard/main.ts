import { render } from 'lit';
import '../shared/page.css';
import './dashboard.css';
import { contentShown } from '../shared/contentShown.ts';
import { startPage } from '../shared/startPage.ts';
import { Dashboard } from './dashboard.ts';
import { dashboardView } from './view/dashboardView.ts';

/** One drawing a frame, however much changes. */
let isDue = false;
const dashboard: Dashboard = new Dashboard(startPage(), () => {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    draw();
  });
});

function draw(): void {
  render(dashboardView(dashboard), document.body);
  if (dashboard.overview) contentShown();
}

draw();
