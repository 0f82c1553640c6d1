import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { replaceFile } from '../files.ts';

export interface LoadedProgram<Exports> {
  exports: Exports;
  /**
   * Keeps what was compiled so far for the next start, where this one had to compile; once.
   * @throws what writing the file throws
   */
  keepCompiled(): Promise<void>;
}

/** Of a checksum. */
const sumBytes = 4;

/**
 * Loads a built CommonJS program as `require` would, but compiled already where `keptFile` holds what an
 * earlier start compiled of the same text with the same engine: that is a third of loading it.
 */
export function loadProgram<Exports>(file: string, keptFile: string): LoadedProgram<Exports> {
  const source = readFileSync(file);
  const cachedData = readKept(keptFile, source);
  const script = new Script(wrap(source.toString().replace(/^#!.*/, '')), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module: { exports: unknown } = { exports: {} };
  const run: CommonJsProgram = script.runInThisContext();
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  let isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  return {
    exports: module.exports as Exports,
    keepCompiled: async () => {
      if (isKept) return;
      isKept = true;
      const compiled = script.createCachedData();
      await replaceFile(keptFile, Buffer.concat([checksum(source, compiled), compiled]));
    },
  };
}

type CommonJsProgram = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  folder: string,
) => void;

/** The compiled form, unless the file is missing, damaged or of another program or engine. */
function readKept(file: string, source: Uint8Array): Buffer | undefined {
  let kept: Buffer;
  try {
    kept = readFileSync(file);
  } catch {
    return undefined; // it only saves time
  }
  const compiled = kept.subarray(sumBytes);
  return checksum(source, compiled).equals(kept.subarray(0, sumBytes)) ? compiled : undefined;
}

/** The engine itself compares no more than the source's length, and trusts the rest. */
function checksum(source: Uint8Array, compiled: Uint8Array): Buffer {
  const engine = `${process.versions.v8} ${process.platform} ${process.arch} `;
  const sum = Buffer.alloc(sumBytes);
  sum.writeUInt32BE(crc32(compiled, crc32(source, crc32(engine))));
  return sum;
}
