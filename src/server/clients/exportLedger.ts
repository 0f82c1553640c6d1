import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ConflictError, NotFoundError } from '../appErrors.ts';
import { errorCode, replaceFile } from '../files.ts';
import { hashOf, readForeignFile, writeForeignFile } from './files/foreignFile.ts';

/** So many exports can be undone; the oldest are forgotten. */
const keptExports = 50;

const noteSchema = z.object({
  path: z.string(),
  /** Of the file as vMCP wrote it: only then is it undone. */
  hash: z.string(),
  /** Whether there was a file before. */
  existed: z.boolean(),
});
type Note = z.infer<typeof noteSchema>;

/** What vMCP wrote into files of other programs, and the bytes that stood there before. */
export class ExportLedger {
  /** @param folder where copies and notes are kept */
  constructor(private readonly folder: string) {}

  /**
   * Keeps the bytes before a file is written.
   * @returns the id by which it can be undone, and the copy's path
   */
  async keep(
    before: { bytes: Buffer; exists: boolean },
    written: { path: string; bytes: Uint8Array },
  ): Promise<{ exportId: string; backup: string | null }> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const exportId = `export_${Date.now().toString(36)}_${randomUUID().slice(0, 8)}`;
    const backup = this.#file(exportId, 'before');
    if (before.exists) await writeForeignFile(backup, before.bytes, 0o600);
    const note: Note = { path: written.path, hash: hashOf(written.bytes), existed: before.exists };
    await replaceFile(this.#file(exportId, 'json'), JSON.stringify(note));
    await this.#forgetOldest();
    return { exportId, backup: before.exists ? backup : null };
  }

  /**
   * Gives a file exactly the bytes that it had before an export, or removes one that the export made.
   * @returns its path
   * @throws NotFoundError, ConflictError where the file was changed since
   */
  async undo(exportId: string): Promise<string> {
    const note = await this.#note(exportId);
    const now = await readForeignFile(note.path);
    if (!now.exists || hashOf(now.bytes) !== note.hash) {
      throw new ConflictError(
        'The file was changed since the export, so that it is not undone',
        `${note.path}: take the entry out by hand, or copy the file as it was from ${this.#file(exportId, 'before')}.`,
      );
    }
    if (note.existed) {
      const bytes = await readFile(this.#file(exportId, 'before'));
      await writeForeignFile(note.path, bytes, 0o600);
    } else {
      await rm(note.path, { force: true });
    }
    await this.forget(exportId);
    return note.path;
  }

  async forget(exportId: string): Promise<void> {
    for (const kind of ['json', 'before'] as const) {
      await rm(this.#file(exportId, kind), { force: true });
    }
  }

  async #note(exportId: string): Promise<Note> {
    const unknown = () => new NotFoundError('There is no such export to undo', exportId);
    if (!/^export_[a-z0-9]+_[0-9a-f]{8}$/.test(exportId)) throw unknown();
    try {
      return noteSchema.parse(JSON.parse(await readFile(this.#file(exportId, 'json'), 'utf8')));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw unknown();
      throw error;
    }
  }

  async #forgetOldest(): Promise<void> {
    const ids = (await readdir(this.folder))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort(); // their names begin with the time
    for (const id of ids.slice(0, -keptExports)) await this.forget(id);
  }

  #file(exportId: string, kind: 'json' | 'before'): string {
    return join(this.folder, `${exportId}.${kind}`);
  }
}
