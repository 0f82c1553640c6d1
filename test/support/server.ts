import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ServerFile, serverFileSchema } from '../../src/contract/admin.ts';
import { serverNodeFlags } from '../../src/contract/nodeFlags.ts';
import { type Cleanup, makeTempDir } from './cleanup.ts';
import { within } from './eventually.ts';
import { serverProgram } from './paths.ts';

export interface ServerOptions {
  /** More command line arguments; `--port`, `--data-dir` and `--auth` are there already. */
  args?: readonly string[];
  auth?: 'none' | 'token';
  /** Default: a new folder that goes with the cleanup. */
  dataDir?: string;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Default 0: the server picks one. */
  port?: number;
  /** The server program; default: the one that was built. */
  program?: string;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How long a start or a stop may take before it counts as failed. */
const patienceMs = 20_000;

/** The built server as a process of its own, as a user would start it. */
export class TestServer {
  port = 0;
  #child: ChildProcess | undefined;
  #exit: Promise<Exit> | undefined;
  #output = '';

  constructor(
    readonly dataDir: string,
    private readonly options: ServerOptions,
  ) {}

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the server is not running');
    return pid;
  }

  /** Everything it wrote to stdout and stderr so far, restarts included. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when the process has ended. */
  get exited(): Promise<Exit> {
    if (!this.#exit) throw new Error('the server was never started');
    return this.#exit;
  }

  async start(): Promise<void> {
    const { args = [], auth = 'none', env = {}, port = 0, program = serverProgram } = this.options;
    const child = spawn(
      process.execPath,
      [
        ...serverNodeFlags,
        ...[program, '--port', String(this.port || port), '--data-dir', this.dataDir],
        ...['--auth', auth, ...args],
      ],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true },
    );
    this.#child = child;
    this.#exit = once(child, 'close').then(([code, signal]) => ({ code, signal }));
    child.stderr.on('data', (chunk) => {
      this.#output += chunk;
    });
    const listening = new Promise<number>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        this.#output += `${line}\n`;
        const match = /^vMCP listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line);
        if (match) resolve(Number(match[1]));
      });
    });
    const ended = this.#exit.then(({ code, signal }) => {
      throw new Error(`the server ended (${signal ?? code}) before it listened:\n${this.#output}`);
    });
    ended.catch(() => {}); // it ends some time; here only whether it does so too early matters
    const first = Promise.race([listening, ended]);
    this.port = await within(first, patienceMs, 'the line "vMCP listening on …"').catch((error) => {
      child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.#output}`, { cause: error });
    });
  }

  /** SIGTERM, then the end of the process. */
  async stop(): Promise<Exit> {
    this.#child?.kill('SIGTERM');
    return within(this.exited, patienceMs, "the server's end after SIGTERM");
  }

  async kill9(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await within(this.exited, patienceMs, "the server's end after SIGKILL");
  }

  /** Stops it if it runs, and starts it again on the same port and folder. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** What the running server wrote into its `server.json`. */
  async serverFile(): Promise<ServerFile> {
    // Each host may have a folder of its own below the storage folder.
    for (const name of await readdir(this.dataDir, { recursive: true })) {
      if (!/(^|[\\/])server\.json$/.test(name)) continue;
      const file = serverFileSchema.parse(
        JSON.parse(await readFile(join(this.dataDir, name), 'utf8')),
      );
      if (file.pid === this.pid) return file;
    }
    throw new Error(`no server.json of process ${this.pid} below ${this.dataDir}`);
  }

  async adminToken(): Promise<string> {
    return (await this.serverFile()).adminToken;
  }
}

/** Starts the built server; it is ended (SIGTERM, then SIGKILL) with the cleanup. */
export async function startServer(
  cleanup: Cleanup,
  options: ServerOptions = {},
): Promise<TestServer> {
  const server = new TestServer(options.dataDir ?? (await makeTempDir(cleanup)), options);
  cleanup.add(async () => {
    try {
      await server.stop();
    } catch (error) {
      await server.kill9();
      throw error;
    }
  });
  await server.start();
  return server;
}
