import * as l10n from '@vscode/l10n';
import type { PageStart } from '../../src/contract/webview/messages.ts';
import { WindowLink } from './windowLink.ts';

/** Reads what the page begins with, sets its language, and opens the way to the window. */
export function startPage(): WindowLink {
  const start = JSON.parse(document.getElementById('start')?.textContent ?? '') as PageStart;
  l10n.config({ contents: start.texts });
  return new WindowLink(start);
}
