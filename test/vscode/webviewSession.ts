import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { repository, upstreams } from '../support/paths.ts';
import type { Rest } from '../support/rest.ts';
import { assertAccessible } from './axe.ts';
import { assertFigure } from './figures.ts';
import type { Frame } from './host.ts';
import { Setup } from './setup.ts';
import { webviewFrame } from './webview.ts';
import type { TestWindow } from './window.ts';

const screenshots = join(repository, '.vscode-test/screenshots');

/** Name, VS Code's name of it, and the class that pages have in it. */
const themes = [
  ['light', 'Default Light Modern', 'vscode-light'],
  ['dark', 'Default Dark Modern', 'vscode-dark'],
  ['contrast', 'Default High Contrast', 'vscode-high-contrast'],
] as const;

/** One window of VS Code with a server that is connected, for the tests of all pages. */
export class WebviewSession {
  #setup: Setup | undefined;
  #window: TestWindow | undefined;
  #rest: Rest | undefined;
  /** Id of the MCP server `every`. */
  every = '';
  readonly #refused: string[] = [];

  get setup(): Setup {
    return present(this.#setup);
  }

  get window(): TestWindow {
    return present(this.#window);
  }

  get rest(): Rest {
    return present(this.#rest);
  }

  async open(cleanup: Cleanup): Promise<void> {
    this.#setup = await Setup.start(cleanup, '1.139');
    this.#window = await this.setup.open('a');
    this.window.page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) this.#refused.push(message.text());
    });
    await this.setup.storage.awaitServer(this.window);
    this.#rest = await this.setup.storage.rest();
    this.every = await this.rest.addNodeServer('every', upstreams.everything, ['stdio']);
    await this.rest.connect(this.every);
    await this.window.command('workbench.action.closeAuxiliaryBar');
  }

  /** Opens a page by a command. @returns its document, once it shows what it is about */
  async show(page: string, about: string, command: string, ...args: unknown[]): Promise<Frame> {
    // A window hears of what was just made a moment later; on a busy machine, much later.
    let timeout = 500;
    return eventually(
      async () => {
        timeout = Math.min(2 * timeout, 10_000);
        await this.window.begin(command, ...args);
        const shown = await webviewFrame(this.window.page, page, about, timeout);
        // One that is just being closed shows nothing any more.
        await shown.locator('h1').first().waitFor({ timeout });
        return shown;
      },
      { timeoutMs: 60_000, what: `the page ${page}` },
    );
  }

  /**
   * Asserts that a page shows its content 300 ms after its command. On a machine that is busy with
   * other things VS Code itself needs longer for an empty page: then 150 ms more than that.
   */
  async assertQuick(page: string, about: string, command: string, ...args: unknown[]) {
    const measure = async () => {
      const emptyMs = await this.#emptyPageMs();
      const ms = await this.#timeToContent(page, about, command, ...args);
      await this.closeEditors();
      return { ms, allowedMs: emptyMs + 150 };
    };
    const what = `the page ${page} shows its content`;
    await assertFigure({ what, limitMs: 300, rounds: 8, measure });
  }

  /** How long VS Code takes for a page without anything in it. */
  #emptyPageMs(): Promise<number> {
    return this.window.run(async (vscode) => {
      const asked = Date.now();
      const { Active } = vscode.ViewColumn;
      const panel = vscode.window.createWebviewPanel('empty', '', Active, { enableScripts: true });
      const shown = new Promise<number>((resolve) => panel.webview.onDidReceiveMessage(resolve));
      panel.webview.html = '<script>acquireVsCodeApi().postMessage(Date.now())</script>';
      const ms = (await shown) - asked;
      panel.dispose();
      return ms;
    });
  }

  /** How long a page took from its command until it showed its content, ms. */
  async #timeToContent(page: string, about: string, command: string, ...args: unknown[]) {
    const asked = await this.window.run(
      (vscode, [id, rest]: [string, unknown[]]) => {
        const now = Date.now();
        vscode.commands.executeCommand(id, ...rest).then(undefined, () => undefined);
        return now;
      },
      [command, args],
    );
    const frame = await webviewFrame(this.window.page, page, about);
    const shown = await eventually(
      () =>
        frame.evaluate(
          'performance.timeOrigin + performance.getEntriesByName("content")[0]?.startTime',
        ),
      { what: `the content of ${page}` },
    );
    return Number(shown) - asked;
  }

  /**
   * Asserts in light, dark and high contrast that a page that is open hinders nobody, and that it fits
   * 300 px. What it looked like is written to .vscode-test/screenshots.
   */
  async assertPresentable(frame: Frame, page: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    for (const [name, theme, bodyClass] of themes) {
      await this.#setTheme(theme);
      await frame.locator(`body.${bodyClass}`).first().waitFor();
      await this.window.page.screenshot({ path: join(screenshots, `${page}-${name}.png`) });
      await assertAccessible(frame);
    }
    await this.#setTheme(undefined);
    await this.window.command('workbench.action.closeSidebar');
    await this.window.page.setViewportSize({ width: 358, height: 780 });
    await this.#fits(frame, page, 300);
    await this.window.page.screenshot({ path: join(screenshots, `${page}-300px.png`) });
    await this.window.page.setViewportSize({ width: 1200, height: 780 });
  }

  /** Waits until a document is that narrow and nothing in it is wider; charts follow a moment later. */
  async #fits(frame: Frame, page: string, widthPx: number): Promise<void> {
    let widths = { clientWidth: 0, scrollWidth: 0 };
    const fits = async () => {
      widths = (await frame.evaluate(
        '(({ clientWidth, scrollWidth }) => ({ clientWidth, scrollWidth }))(document.documentElement)',
      )) as typeof widths;
      return widths.clientWidth <= widthPx && widths.scrollWidth <= widths.clientWidth;
    };
    await eventually(fits, { what: `${page} in ${widthPx} px` }).catch((error: unknown) => {
      const { clientWidth, scrollWidth } = widths;
      throw new Error(`${page} is ${scrollWidth} px wide in ${clientWidth}`, { cause: error });
    });
  }

  #setTheme(theme: string | undefined): Promise<void> {
    return this.window.run(
      (vscode, name: string | null) =>
        vscode.workspace
          .getConfiguration()
          .update('workbench.colorTheme', name ?? undefined, true) as Promise<void>,
      theme ?? null,
    );
  }

  closeEditors(): Promise<void> {
    return this.window.command('workbench.action.closeAllEditors');
  }

  /** Asserts that no page tried to load or run what its policy forbids. */
  assertPolicyKept(): void {
    assert.deepEqual(this.#refused, []);
  }
}

function present<T>(value: T | undefined): T {
  assert(value !== undefined, 'the session is not open');
  return value;
}
