import { join } from 'node:path';
import { build } from 'esbuild';
import type { JsonObject } from '../../../src/contract/json.ts';
import { copyPyodide, pythonRunnerBuild } from '../../../src/pythonRunner/build.mjs';
import { LineLog } from '../../../src/server/log.ts';
import {
  createPythonTools,
  type PythonDescription,
  type PythonOutcome,
  type PythonRequest,
  type PythonTools,
} from '../../../src/server/tools/python/pythonTools.ts';
import { Cleanup, makeTempDir } from '../../support/cleanup.ts';

const cleanup = new Cleanup();
let shared: Promise<PythonFixture> | undefined;
after(() => cleanup.run());

/** A real interpreter, one for all unit tests. */
export function openPython(): Promise<PythonFixture> {
  shared ??= PythonFixture.open();
  return shared;
}

/** What tests ask of an interpreter most. */
export class PythonFixture {
  private constructor(readonly tools: PythonTools) {}

  /** Builds the runner as the product does, into a folder of its own. */
  static async open(): Promise<PythonFixture> {
    const folder = await makeTempDir(cleanup);
    const pyodideFolder = join(folder, 'pyodide');
    await copyPyodide(pyodideFolder);
    await build({
      ...pythonRunnerBuild,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outdir: folder,
      logLevel: 'warning',
    });
    const tools = createPythonTools({
      program: join(folder, 'pythonRunner.js'),
      pyodideFolder,
      log: new LineLog('error', () => {}),
      reaper: { add: () => {}, remove: () => {} },
      cores: 1,
    });
    cleanup.add(() => tools.close());
    return new PythonFixture(tools);
  }

  describe(code: string): Promise<PythonDescription> {
    return this.tools.describe('vmcp_1', code, AbortSignal.timeout(30_000));
  }

  run(
    code: string,
    args: JsonObject = {},
    more: Partial<PythonRequest> = {},
  ): Promise<PythonOutcome> {
    const request = { code, arguments: args, ...more };
    return this.tools.run('vmcp_1', request, AbortSignal.timeout(30_000));
  }

  /** The text of the result, errors marked. */
  async text(code: string, args: JsonObject = {}): Promise<string> {
    return textOf((await this.run(code, args)).result);
  }
}

/** What a CallToolResult says, `error: …` where it is one. */
export function textOf(result: JsonObject): string {
  const content = (result.content ?? []) as { text?: string }[];
  const text = content.map((block) => block.text ?? '').join('\n');
  return result.isError ? `error: ${text}` : text;
}
