import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ListedExport } from '../../contract/clientFiles.ts';
import { ConflictError, NotFoundError } from '../appErrors.ts';
import { errorCode, replaceFile } from '../files.ts';
import { hashOf, readForeignFile, writeForeignFile } from './files/foreignFile.ts';

/** So many exports can be undone; the oldest are forgotten. */
const keptExports = 50;

const noteSchema = z.object({
  path: z.string(),
  /** What the entry is called there. */
  name: z.string(),
  written_at: z.iso.datetime(),
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
    written: { path: string; name: string; bytes: Uint8Array },
  ): Promise<{ exportId: string; backup: string | null }> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const exportId = `export_${Date.now().toString(36)}_${randomUUID().slice(0, 8)}`;
    const backup = this.#file(exportId, 'before');
    if (before.exists) await writeForeignFile(backup, before.bytes, 0o600);
    const { path, name, bytes } = written;
    const written_at = new Date().toISOString();
    const note: Note = { path, name, written_at, hash: hashOf(bytes), existed: before.exists };
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

  /** What can still be undone, the newest first. */
  async list(): Promise<ListedExport[]> {
    const ids = (await this.#ids()).toReversed();
    return Promise.all(
      ids.map(async (id) => {
        const { path, name, written_at, hash } = await this.#note(id);
        // A file that cannot be read any more has changed as well.
        const now = await readForeignFile(path).catch(() => undefined);
        const changed_since = !now?.exists || hashOf(now.bytes) !== hash;
        return { export_id: id, path, name, written_at, changed_since };
      }),
    );
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
    for (const id of (await this.#ids()).slice(0, -keptExports)) await this.forget(id);
  }

  /** The oldest first: their names begin with the time. */
  async #ids(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    });
    return names.flatMap((name) => /^(export_.*)\.json$/.exec(name)?.[1] ?? []).sort();
  }

  #file(exportId: string, kind: 'json' | 'before'): string {
    return join(this.folder, `${exportId}.${kind}`);
  }
}
