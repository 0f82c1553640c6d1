import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, within } from '../support/eventually.ts';
import { Agents } from './agents.ts';
import { installBrowser, installVscode } from './install.mjs';
import { descendants, isRunning, type Process } from './processes.ts';
import { TestWindow } from './window.ts';

const agentFolder = fileURLToPath(new URL('agent', import.meta.url));

/**
 * Of the browser, what the tests use; its package lies outside of this project's dependencies. It waits 30 s
 * at most for what it acts on, unless it is told otherwise.
 */
export interface Page {
  goto(url: string): Promise<unknown>;
  close(): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  locator(selector: string): Locator;
  keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  exposeFunction(name: string, callback: (...args: unknown[]) => void): Promise<void>;
  frames(): Frame[];
  waitForEvent(event: 'load', options: { timeout: number }): Promise<unknown>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  on(event: 'console', listener: (message: { text(): string }) => void): void;
}
/** A document in a page: of webviews, the inner one of their frames. */
export interface Frame {
  locator(selector: string): Locator;
  /** Runs an expression, past the document's policy. */
  evaluate(expression: string): Promise<unknown>;
}
export interface Locator {
  click(options?: {
    timeout?: number;
    button?: 'left' | 'right';
    modifiers?: string[];
  }): Promise<void>;
  hover(): Promise<void>;
  fill(text: string, options?: { timeout: number }): Promise<void>;
  selectOption(value: string): Promise<unknown>;
  count(): Promise<number>;
  first(): Locator;
  locator(selector: string): Locator;
  waitFor(options?: { timeout?: number; state?: string }): Promise<void>;
  textContent(): Promise<string | null>;
  inputValue(): Promise<string>;
  getAttribute(name: string): Promise<string | null>;
  press(key: string): Promise<void>;
}
interface Browser {
  newPage(options: object): Promise<Page>;
  close(): Promise<void>;
}

export interface HostOptions {
  version: '1.139' | '1.103';
  /** A new folder for everything that VS Code stores. */
  dataDir: string;
  settings?: Record<string, unknown>;
  /** Whether folders are in Restricted Mode until the user trusts them. */
  asksForTrust?: boolean;
}

/** A real VS Code, whose windows are pages of a headless browser. */
export class VscodeHost {
  readonly agents = new Agents();
  #port = 0;
  #server: ChildProcess | undefined;
  #browser: Browser | undefined;

  constructor(private readonly options: HostOptions) {}

  /** Where VS Code keeps what an extension stores for all windows. */
  storageOf(extension: string): string {
    return join(this.options.dataDir, 'data/User/globalStorage', extension);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** @param vsix the extension to install first */
  async start(vsix: string): Promise<void> {
    const { dataDir, version, settings, asksForTrust = false } = this.options;
    const { node, vscode } = await installVscode(version);
    await mkdir(join(dataDir, 'data/User'), { recursive: true });
    const all = { 'telemetry.telemetryLevel': 'off', 'workbench.startupEditor': 'none' };
    const file = join(dataDir, 'data/User/settings.json');
    await writeFile(file, JSON.stringify({ ...all, ...settings }));
    const common = ['--accept-server-license-terms', '--server-data-dir', dataDir];
    const main = join(vscode, 'out/server-main.js');
    await promisify(execFile)(node, [main, ...common, '--install-extension', vsix]);
    this.#port = await freePort();
    this.#server = spawn(
      node,
      [
        ...[main, ...common, '--host', '127.0.0.1', '--port', String(this.#port)],
        ...['--without-connection-token', ...(asksForTrust ? [] : ['--disable-workspace-trust'])],
        ...['--enable-smoke-test-driver', '--telemetry-level', 'off'],
      ],
      {
        stdio: 'ignore',
        // Configuration files of other programs in the home folder are none of the tests' business.
        env: { ...process.env, HOME: dataDir, VMCP_TEST_AGENTS: await this.agents.listen() },
      },
    );
    const answers = () => fetch(this.url).then(({ ok }) => ok);
    await eventually(answers, { timeoutMs: 60_000, what: 'VS Code' });
  }

  /** Opens a window on a folder, with an agent in its extension host. */
  async open(folder: string): Promise<TestWindow> {
    const page = await this.newPage();
    // The workbench calls these when it runs a test entry.
    await page.exposeFunction('codeAutomationLog', () => undefined);
    await page.exposeFunction('codeAutomationExit', () => undefined);
    const remote = (path: string) => `vscode-remote://127.0.0.1:${this.#port}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(agentFolder)],
      ['extensionTestsPath', remote(join(agentFolder, 'agent.cjs'))],
      ['skipWelcome', 'true'],
    ];
    await page.goto(`${this.urlOf(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await this.agents.ready(folder);
    return new TestWindow(page, folder, this.agents);
  }

  /** The address under which a browser shows a window on a folder. */
  urlOf(folder: string): string {
    return `${this.url}/?folder=${encodeURIComponent(folder)}`;
  }

  async newPage(): Promise<Page> {
    const { chromium, executablePath } = await installBrowser();
    this.#browser ??= (await chromium.launch({ executablePath, args: browserFlags })) as Browser;
    return this.#browser.newPage({ viewport: { width: 1200, height: 780 } });
  }

  async close(): Promise<void> {
    this.agents.close();
    await this.#browser?.close();
    const server = this.#server;
    if (!server || server.exitCode !== null) return;
    const hosts = descendants(server.pid ?? 0).filter(isExtensionHost);
    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    await within(exited, 5000, 'the end of VS Code').catch(() => server.kill('SIGKILL'));
    // They outlive it for a moment, in which they would start the extension's server again.
    const ended = () => hosts.every(({ pid }) => !isRunning(pid));
    await eventually(ended, { timeoutMs: 10_000, what: 'the end of the extension hosts' });
  }
}

function isExtensionHost({ command }: Process): boolean {
  return command.includes('--type=extensionHost');
}

const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
