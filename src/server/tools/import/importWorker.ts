// The thread that reads documents of APIs: it is started for one document and ends with it.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { ToolImportRequest } from '../../../contract/toolImport.ts';
import { InvalidError } from '../../appErrors.ts';
import type { FromImportWorker } from './importMessages.ts';
import { importTools } from './importTools.ts';

const batchSize = 20;

function send(message: FromImportWorker): void {
  parentPort?.postMessage(message);
}

/** The next batch is sent once the one before was taken. */
async function sendAll(request: ToolImportRequest): Promise<void> {
  const { operations, ...about } = importTools(request);
  for (let at = 0; at < operations.length && parentPort; at += batchSize) {
    send({ type: 'operations', operations: operations.slice(at, at + batchSize) });
    await once(parentPort, 'message');
  }
  send({ type: 'done', about });
}

sendAll(workerData as ToolImportRequest).catch((error: unknown) => {
  if (error instanceof InvalidError) {
    send({ type: 'invalid', message: error.message, detail: error.detail });
  } else if (error instanceof RangeError) {
    send({ type: 'invalid', message: 'The document is nested too deeply', detail: 'text' });
  } else throw error;
});
