/** Why the store could not do something; `message` says where and what to do about it. */
export class StoreError extends Error {
  constructor(
    readonly code: 'write_failed' | 'closed' | 'lock_lost' | 'newer_database' | 'worker_failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** The words of something thrown, for messages and logs. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
