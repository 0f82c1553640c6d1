import { eventually } from '../support/eventually.ts';
import type { Frame, Page } from './host.ts';

/**
 * The document of the webview that shows one page, once it is there.
 * @param page name of its bundle
 * @param about a part of the JSON of what it is about, where several are open
 */
export async function webviewFrame(
  page: Page,
  name: string,
  about = '',
  timeoutMs = 60_000,
): Promise<Frame> {
  return eventually(
    async () => {
      for (const frame of page.frames()) {
        const scripts = frame.locator(`script[src*="/${name}.js"]`);
        if ((await scripts.count().catch(() => 0)) === 0) continue;
        const start = await frame.locator('#start').first().textContent();
        if (start?.includes(about)) return frame;
      }
      return undefined;
    },
    { timeoutMs, what: `the webview ${name}` },
  );
}
