import { eventually } from '../support/eventually.ts';
import type { Frame, Locator, Page } from './host.ts';
import type { UserWindow } from './userWindow.ts';
import { webviewFrame } from './webview.ts';

/** What a person does in a window, by what can be seen in it: nothing is asked of the extension itself. */
export class Person {
  constructor(private readonly user: UserWindow) {}

  get page(): Page {
    return this.user.page;
  }

  /** Runs a command of the palette, by its title. */
  async run(title: string): Promise<void> {
    await this.user.palette(title);
  }

  async reload(): Promise<void> {
    await this.user.reload();
    const status = this.page.locator('.statusbar-item:has-text("vMCP")').first();
    await status.waitFor({ timeout: 60_000 });
  }

  /** Types into the question of that title, waits for a line of its list, and takes it. */
  async answer(title: string, text: string, row = ''): Promise<void> {
    await this.asked(title);
    const input = this.#question.locator('.quick-input-box input').first();
    await input.fill(text);
    if (row !== '') await this.row(row).waitFor();
    // Not on the page: a walkthrough takes the focus after its steps have moved.
    await input.press('Enter');
  }

  /** Types, and waits for what is said of it. */
  async typeAndRead(title: string, text: string, said: string): Promise<void> {
    await this.asked(title);
    await this.#question.locator('.quick-input-box input').first().fill(text);
    const words = `:is(.monaco-list-row, .quick-input-message):has-text("${said}")`;
    await this.#question.locator(words).first().waitFor();
  }

  asked(title: string): Promise<void> {
    return this.#question.locator(`.quick-input-title:has-text("${title}")`).waitFor();
  }

  /** A line of the open list, by a part of its text. */
  row(text: string): Locator {
    return this.#question.locator(`.monaco-list-row:has-text("${text}")`).first();
  }

  async giveUp(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.#question.waitFor({ state: 'hidden' });
  }

  get #question(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** An item of one of the sidebar's views, by the beginnings of both names. */
  treeItem(view: string, label: string): Locator {
    const pane = this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"])`);
    return pane.locator(`[role="treeitem"][aria-label^="${label}"]`).first();
  }

  /** Takes a line of an item's context menu, which takes no clicks in its first moments. */
  async chooseInMenu(item: Locator, label: string): Promise<void> {
    await item.click({ button: 'right' });
    const line = this.page.locator(`.context-view .action-item:has-text("${label}")`).first();
    await line.waitFor();
    await eventually(
      async () => {
        if ((await line.count()) === 0) return true;
        await line.click({ timeout: 2_000 });
        return false;
      },
      { what: `the end of the menu with “${label}”` },
    );
  }

  /** The number on an icon of the activity bar. */
  badge(container: string, text: string): Locator {
    const icon = `.activitybar .action-item:has([aria-label^="${container}"])`;
    return this.page.locator(`${icon} .badge-content:text-is("${text}")`).first();
  }

  async sees(view: string, label: string): Promise<void> {
    await this.treeItem(view, label).waitFor();
  }

  /** Presses a button of a notification: without a person at the window they stand in their list only. */
  async press(button: string): Promise<void> {
    const found = this.page.locator(`.notifications-center .monaco-button:has-text("${button}")`);
    await this.#openNotifications(found);
    await found.first().click();
  }

  /** Waits until something is told, and takes it away. */
  async isTold(text: string): Promise<void> {
    const found = this.page.locator(`.notification-list-item-message:has-text("${text}")`);
    await this.#openNotifications(found);
    await this.run('Notifications: Clear All Notifications');
  }

  async #openNotifications(wanted: Locator): Promise<void> {
    await eventually(
      async () => {
        if ((await wanted.count()) > 0) return true;
        const open = this.page.locator('.notifications-center.visible');
        if ((await open.count()) === 0) await this.run('Notifications: Show Notifications');
        return (await wanted.count()) > 0;
      },
      { what: 'the notification' },
    );
  }

  /** A step of the walkthrough. */
  step(id: string): Locator {
    return this.page.locator(`[data-step-id="vmcp.vmcp#start#${id}"]`).first();
  }

  /** Unfolds a step of the walkthrough, and presses its button. */
  async take(id: string, button: string): Promise<void> {
    const step = this.step(id);
    await step.waitFor();
    if ((await step.getAttribute('aria-expanded')) !== 'true') await step.click();
    await step.locator(`.monaco-button:has-text("${button}")`).first().click();
  }

  /** Waits until a step of the walkthrough is ticked. */
  async isDone(id: string): Promise<void> {
    const box = `[data-done-step-id="vmcp.vmcp#start#${id}"][aria-checked="true"]`;
    await this.page.locator(box).first().waitFor({ state: 'attached' });
  }

  /** The page of that bundle, once it shows its heading. */
  async reads(page: string, about = ''): Promise<Frame> {
    const frame = await webviewFrame(this.page, page, about);
    await frame.locator('h1').first().waitFor({ timeout: 60_000 });
    return frame;
  }
}
