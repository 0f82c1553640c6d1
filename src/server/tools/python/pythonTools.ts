import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { JsonObject } from '../../../contract/json.ts';
import type { Log } from '../../log.ts';
import { errorResult } from '../errorResult.ts';
import { InterpreterPool } from './interpreterPool.ts';
import {
  ImproperReplyError,
  PythonStoppedError,
  PythonSyntaxError,
  PythonToolError,
} from './pythonErrors.ts';
import { type ChildRegistry, PythonLauncher } from './pythonLauncher.ts';
import type { PythonProcess } from './pythonProcess.ts';
import {
  type PythonReply,
  parseDescription,
  parseReply,
  type ReplyDescription,
} from './pythonReply.ts';
import { callToolResult } from './pythonResult.ts';

/** What a list of tools can say about a tool, from the signature and docstring of `main`. */
export interface PythonDescription {
  description: string;
  inputSchema: JsonObject;
  /** Of the structured content; absent where the annotation of the result promises nothing. */
  outputSchema?: JsonObject;
  output: ReplyDescription['output'];
}

export interface PythonRequest {
  code: string;
  arguments: JsonObject;
  /** Of a result that is bytes, where its annotation does not say. */
  mediaType?: string;
  /** The global `environment_variables` of the code. */
  environment?: JsonObject;
}

export interface PythonOutcome {
  /** A CallToolResult. */
  result: JsonObject;
  /** What the tool printed, up to 64 KiB. */
  printed: string;
  /** From its start in an interpreter that is up; waiting for one does not count. */
  durationMs: number;
}

/** Python tools: their code runs in interpreters of their own, without access to anything. */
export interface PythonTools {
  /**
   * What `main` takes, returns and says about itself. Executes the module to find out.
   * @throws PythonSyntaxError, PythonToolError, the signal's reason
   */
  describe(vmcpId: string, code: string, signal: AbortSignal): Promise<PythonDescription>;
  /**
   * Runs `main`, arguments converted and checked against its signature. Whatever the tool does wrong
   * becomes a result with `isError`.
   * @throws the signal's reason
   */
  run(vmcpId: string, request: PythonRequest, signal: AbortSignal): Promise<PythonOutcome>;
  /** The vMCP is gone or has changed: its interpreters end, those that are busy with their call. */
  release(vmcpId: string): void;
  close(): Promise<void>;
}

export interface PythonToolsOptions {
  /** The built runner, `dist/pythonRunner.js`. */
  program: string;
  /** Where pyodide's `.wasm` and library are, `dist/pyodide`. */
  pyodideFolder: string;
  log: Log;
  reaper: ChildRegistry;
  /** How many interpreters may be busy at once; default: as many as there are processors. */
  cores?: number;
  /** Of one call; default 30 s. */
  callLimitMs?: number;
  /** After which an unused interpreter ends; default 5 min. */
  idleMs?: number;
}

/** Starts nothing until the first tool is described or run. */
export function createPythonTools(options: PythonToolsOptions): PythonTools {
  const pool = new InterpreterPool({
    launcher: new PythonLauncher(options),
    log: options.log,
    most: options.cores ?? availableParallelism(),
    idleMs: options.idleMs ?? 5 * 60_000,
  });
  return new PooledPythonTools(pool, options.callLimitMs ?? 30_000);
}

const mostDescriptions = 1_000;
/** Characters. */
const mostPrintedInError = 2_000;

class PooledPythonTools implements PythonTools {
  /** By vMCP and code: another vMCP's interpreter may have been changed by its tools. */
  readonly #descriptions = new Map<string, PythonDescription>();

  constructor(
    private readonly pool: InterpreterPool,
    private readonly callLimitMs: number,
  ) {}

  async describe(vmcpId: string, code: string, signal: AbortSignal): Promise<PythonDescription> {
    const key = createHash('sha256')
      .update(JSON.stringify([vmcpId, code]))
      .digest('base64');
    const known = this.#descriptions.get(key);
    if (known) return known;
    const description = await this.pool.use(vmcpId, signal, async (process) => {
      const request = { method: 'describe', code };
      const { body } = await process.request(request, this.callLimitMs, signal);
      return trusted(process, () => toDescription(parseReply(body)));
    });
    if (this.#descriptions.size >= mostDescriptions) {
      for (const oldest of this.#descriptions.keys()) {
        this.#descriptions.delete(oldest);
        break;
      }
    }
    this.#descriptions.set(key, description);
    return description;
  }

  async run(vmcpId: string, request: PythonRequest, signal: AbortSignal): Promise<PythonOutcome> {
    let startedAt = performance.now();
    try {
      return await this.pool.use(vmcpId, signal, async (process) => {
        startedAt = performance.now();
        const content = { method: 'run', ...request };
        const { body, printed } = await process.request(content, this.callLimitMs, signal);
        const result = trusted(process, () => callToolResult(parseReply(body)));
        return { result, printed, durationMs: performance.now() - startedAt };
      });
    } catch (error) {
      if (signal.aborted || !(error instanceof PythonToolError)) throw error;
      const printed = error instanceof PythonStoppedError ? error.printed : '';
      const result = errorResult(withPrinted(error.message, printed));
      return { result, printed, durationMs: performance.now() - startedAt };
    }
  }

  release(vmcpId: string): void {
    this.pool.release(vmcpId);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

/** A tool that was stopped said nothing else about how far it had come. */
function withPrinted(message: string, printed: string): string {
  const last = printed.trimEnd().slice(-mostPrintedInError);
  return last === '' ? message : `${message} It had printed:\n${last}`;
}

/** Reads a reply; an interpreter that gives improper ones is not used again. */
function trusted<T>(process: PythonProcess, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ImproperReplyError) process.kill(error.message);
    throw error;
  }
}

function toDescription({ header, body }: PythonReply): PythonDescription {
  switch (header.kind) {
    case 'syntax':
      throw new PythonSyntaxError(header.message, header.line, header.column);
    case 'error':
      throw new PythonToolError(header.message);
    case 'description': {
      const { outputSchema, ...rest } = parseDescription(body);
      return { ...rest, ...(outputSchema && { outputSchema }) };
    }
    default:
      throw new ImproperReplyError();
  }
}
