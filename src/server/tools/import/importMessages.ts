import type { ImportedOperation, ToolImport } from '../../../contract/toolImport.ts';

/**
 * What the import worker sends: the operations in small batches, each awaiting any message in return, so
 * that taking them over never holds up the server; then the rest, or why there is nothing.
 */
export type FromImportWorker =
  | { type: 'operations'; operations: ImportedOperation[] }
  | { type: 'done'; about: Omit<ToolImport, 'operations'> }
  | { type: 'invalid'; message: string; detail: string };
