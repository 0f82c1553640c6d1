// The thread that reads documents of APIs: it is started for one document and ends with it.
import { parentPort, workerData } from 'node:worker_threads';
import type { ToolImportRequest } from '../../../contract/toolImport.ts';
import { InvalidError } from '../../appErrors.ts';
import type { FromImportWorker } from './importMessages.ts';
import { importTools } from './importTools.ts';

function send(message: FromImportWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function sendResult(request: ToolImportRequest): void {
  const json = new TextEncoder().encode(JSON.stringify(importTools(request)));
  send({ type: 'done', json }, [json.buffer]);
}

try {
  sendResult(workerData as ToolImportRequest);
} catch (error) {
  if (error instanceof InvalidError) {
    send({ type: 'invalid', message: error.message, detail: error.detail });
  } else if (error instanceof RangeError) {
    send({ type: 'invalid', message: 'The document is nested too deeply', detail: 'text' });
  } else throw error;
}
