import type { Agents } from './agents.ts';
import { AgentWindow } from './agentWindow.ts';
import type { Locator, Page } from './host.ts';

/** A window in the browser: its page, and the agent in its extension host. */
export class TestWindow extends AgentWindow {
  constructor(
    readonly page: Page,
    folder: string,
    agents: Agents,
  ) {
    super(folder, agents);
  }

  /** Closes the window as a user does: a page that is only cut off is waited for by VS Code. */
  async close(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.close();
  }

  /** Types into the input box or quick pick of that title once it is open, and takes it. */
  async answer(title: string, text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    await widget.locator(`.quick-input-title:has-text("${title}")`).waitFor();
    const input = widget.locator('.quick-input-box input').first();
    await input.fill(text);
    await input.press('Enter');
  }

  /** An item of one of the sidebar's views, by the beginnings of both names. */
  treeItem(view: string, label: string): Locator {
    const pane = this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"])`);
    return pane.locator(`[role="treeitem"][aria-label^="${label}"]`).first();
  }

  checkbox(view: string, label: string): Locator {
    return this.treeItem(view, label).locator('[role="checkbox"]').first();
  }
}
