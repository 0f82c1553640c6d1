import { Worker } from 'node:worker_threads';
import type { ToolImportRequest } from '../../../contract/toolImport.ts';
import { InvalidError } from '../../appErrors.ts';
import type { FromImportWorker } from './importMessages.ts';

/** Milliseconds for one document; five hundred operations take about one second. */
const timeLimitMs = 20_000;
/** Above it a document is one that was made to fill the memory. */
const memoryLimitMb = 512;

/** Makes HTTP tools from documents, in a thread of its own each, so that no call waits for it. */
export class ToolImporter {
  /** @param workerFile the built `importWorker.js` */
  constructor(private readonly workerFile: string) {}

  /**
   * What a document would become.
   * @returns a `ToolImport` as JSON in UTF-8: of a large document it has millions of bytes, which this
   * thread only passes on
   * @throws InvalidError for a document that cannot be read; the signal's reason
   */
  async read(request: ToolImportRequest, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const worker = new Worker(this.workerFile, {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb },
    });
    try {
      return await resultOf(worker, signal);
    } finally {
      await worker.terminate();
    }
  }
}

function resultOf(worker: Worker, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(refusal(`The document cannot be read within ${timeLimitMs / 1000} s`));
    }, timeLimitMs);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: FromImportWorker) => {
      if (message.type === 'done') resolve(message.json);
      else reject(new InvalidError(message.message, message.detail));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(isMemory ? refusal('The document is too large to be read') : error);
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      reject(new Error('The import worker ended without a result'));
    });
  });
}

function refusal(message: string): InvalidError {
  return new InvalidError(message, 'text');
}
