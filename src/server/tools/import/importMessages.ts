/** What the import worker sends: the result as JSON in UTF-8, or why there is none. */
export type FromImportWorker =
  | { type: 'done'; json: Uint8Array<ArrayBuffer> }
  | { type: 'invalid'; message: string; detail: string };
