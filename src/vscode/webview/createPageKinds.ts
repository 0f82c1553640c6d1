import type { PageId } from '../ids.ts';
import { dashboardPage } from './dashboardPage.ts';
import { inspectorPage } from './inspectorPage.ts';
import type { PageKind } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';
import { toolEditorPage } from './toolEditorPage.ts';
import { vmcpEditorPage } from './vmcpEditorPage.ts';

/** Every kind of page. */
export function createPageKinds(services: PageServices): Record<PageId, PageKind> {
  return {
    dashboard: dashboardPage(services),
    vmcpEditor: vmcpEditorPage(services),
    toolEditor: toolEditorPage(services),
    inspector: inspectorPage(services),
  };
}
