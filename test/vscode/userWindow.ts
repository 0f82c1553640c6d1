import { eventually } from '../support/eventually.ts';
import type { Page, VscodeHost } from './host.ts';

/** A window as a user has it, without an agent: VS Code keeps what it showed over a reload. */
export class UserWindow {
  private constructor(readonly page: Page) {}

  static async open(host: VscodeHost, folder: string): Promise<UserWindow> {
    const page = await host.newPage();
    await page.goto(host.urlOf(folder));
    await page.locator('.statusbar-item:has-text("vMCP")').first().waitFor({ timeout: 60_000 });
    return new UserWindow(page);
  }

  /**
   * Runs a command by its title in the command palette. What takes the focus closes the palette, as
   * walkthroughs do after each step: then it is opened again.
   */
  async palette(title: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    const input = widget.locator('input[type="text"]').first();
    const row = widget.locator(`.monaco-list-row[aria-label*="${title}"]`).first();
    // A window that was just opened misses the first strokes; a busy one answers late.
    let timeout = 500;
    await eventually(
      async () => {
        timeout = Math.min(2 * timeout, 10_000);
        // A palette that is open already goes on to show what there was when it was opened.
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        await input.waitFor({ timeout });
        await input.fill(`>${title}`, { timeout });
        await row.click({ timeout });
        return true;
      },
      { timeoutMs: 60_000, what: `the command ${title}` },
    );
  }

  /** Takes an item of the quick pick that is open, if it is there soon: else it has to be opened anew. */
  async pick(label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    const row = widget.locator(`.monaco-list-row[aria-label*="${label}"]`).first();
    await row.click({ timeout: 5_000 });
  }

  /** Reloads the window, which VS Code gets to know of. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: 60_000 });
    await this.palette('Developer: Reload Window');
    await loaded;
  }

  async close(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.close();
  }
}
