import type { LockOwner } from './folderLock.ts';

/** Another server holds the storage folder; expected wherever two are started at once. */
export class AlreadyRunningError extends Error {
  constructor(
    readonly dataDir: string,
    readonly owner: LockOwner,
  ) {
    super(
      `A vMCP server already runs on ${dataDir}: process ${owner.pid} on ${owner.host}, version ${owner.version}, since ${owner.started_at}. Use that one, stop it, or choose another folder with --data-dir.`,
    );
    this.name = 'AlreadyRunningError';
  }
}
