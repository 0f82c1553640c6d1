import type {
  ClientPlaces,
  ExportBody,
  ExportPreview,
  ListedExport,
  WriteExport,
  WrittenExport,
} from '../../contract/clientFiles.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { ConflictError, InvalidError } from '../appErrors.ts';
import { entryFor, entryName, type Reach } from './clientEntry.ts';
import type { ClientFiles } from './clientFiles.ts';
import { setEntry } from './edit/setEntry.ts';
import type { ExportLedger } from './exportLedger.ts';
import { decodeText } from './files/fileText.ts';
import { hashOf, readForeignFile, writeForeignFile } from './files/foreignFile.ts';
import type { KnownFile } from './files/knownFiles.ts';
import { ConfigTextError } from './read/draft.ts';
import { parseConfigText } from './read/parseConfigText.ts';

/** A vMCP, and how clients reach it. */
export interface ExportedVmcp {
  vmcp_id: string;
  name: string;
  reach: Reach;
}

interface Plan {
  preview: ExportPreview;
  before: { bytes: Buffer; exists: boolean };
  after: Buffer;
}

/** Files that hold a token are the user's alone. */
const modes = { user: 0o600, workspace: 0o644 };

/** Writes entries of vMCPs into the files of other clients, after they were looked at, and undoes it. */
export class ClientExports {
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(
    private readonly files: ClientFiles,
    private readonly ledger: ExportLedger,
  ) {}

  /** What the file would become. @throws NotFoundError, InvalidError */
  async preview(body: ExportBody, vmcp: ExportedVmcp): Promise<ExportPreview> {
    return (await this.#plan(body, vmcp)).preview;
  }

  /** @throws ConflictError where the file is no longer as it was looked at; as `preview` */
  async write(body: WriteExport, vmcp: ExportedVmcp): Promise<WrittenExport> {
    const file = await this.#file(body.places, body.file_id);
    return this.#alone(file.path, async () => {
      const { preview, before, after } = await this.#plan(body, vmcp);
      if (preview.before_hash !== body.before_hash) {
        throw new ConflictError(
          'The file was changed meanwhile',
          `${file.path}: look at it again.`,
        );
      }
      const written = { path: file.path, name: preview.name, bytes: after };
      const { exportId, backup } = await this.ledger.keep(before, written);
      try {
        await writeForeignFile(file.path, after, modes[file.scope]);
      } catch (error) {
        await this.ledger.forget(exportId);
        throw new InvalidError(
          `The file cannot be written (${error instanceof Error ? error.message : String(error)})`,
          file.path,
        );
      }
      return { export_id: exportId, path: file.path, name: preview.name, backup };
    });
  }

  /** What can still be undone, the newest first. */
  list(): Promise<ListedExport[]> {
    return this.ledger.list();
  }

  /** @returns the path of the file @throws NotFoundError, ConflictError where it was changed since */
  undo(exportId: string): Promise<string> {
    return this.ledger.undo(exportId);
  }

  async #plan(body: ExportBody, vmcp: ExportedVmcp): Promise<Plan> {
    const file = await this.#file(body.places, body.file_id);
    if (file.scope === 'workspace' && body.form === 'url') {
      throw new InvalidError(
        'This file may be committed, so that no address with a token is written into it',
        `${file.path}: choose the launcher's entry.`,
      );
    }
    const before = await readForeignFile(file.path);
    const { text, mark } = decodeText(before.bytes, file.path);
    const entry = entryFor(file.client, body.form, vmcp.reach);
    try {
      const { name, known } = chooseName(serversIn(text, file), vmcp);
      const changed = setEntry(text, file.language, [...file.place, name], entry);
      const after = Buffer.from(mark + changed, 'utf8');
      const preview = {
        path: file.path,
        exists: before.exists,
        name,
        change: after.equals(before.bytes) ? 'none' : known ? 'update' : 'add',
        language: file.language,
        before: text,
        after: changed,
        before_hash: hashOf(before.bytes),
      } as const;
      return { preview, before, after };
    } catch (error) {
      if (error instanceof ConfigTextError) throw new InvalidError(error.message, file.path);
      throw error;
    }
  }

  async #file(places: ClientPlaces, fileId: string): Promise<KnownFile> {
    const file = await this.files.find(places, fileId);
    if (file.writable) return file;
    throw new InvalidError(`${file.title} is only read`, file.path);
  }

  /** Two windows that write into one file take turns. */
  #alone<T>(path: string, act: () => Promise<T>): Promise<T> {
    const acting = (this.#tails.get(path) ?? Promise.resolve()).then(act);
    const tail = acting.then(
      () => undefined,
      () => undefined, // told to whoever asked for it
    );
    this.#tails.set(path, tail);
    void tail.then(() => {
      if (this.#tails.get(path) === tail) this.#tails.delete(path);
    });
    return acting;
  }
}

function serversIn(text: string, { language, place }: KnownFile): JsonObject {
  let holder: JsonObject = parseConfigText(text, language);
  for (const member of place) {
    const inner = holder[member];
    holder = isJsonObject(inner) ? inner : {};
  }
  return holder;
}

/** The name under which the vMCP stands there already, else one that no other entry has. */
function chooseName(
  servers: JsonObject,
  { vmcp_id, name }: ExportedVmcp,
): { name: string; known: boolean } {
  const own = Object.entries(servers).find(([, entry]) => JSON.stringify(entry).includes(vmcp_id));
  if (own) return { name: own[0], known: true };
  const taken = new Set(Object.keys(servers).map((key) => key.toLowerCase()));
  const wanted = entryName(name);
  const candidates = [wanted, `vmcp-${wanted}`];
  for (let n = 2; ; n++) {
    const free = candidates.find((candidate) => !taken.has(candidate.toLowerCase()));
    if (free !== undefined) return { name: free, known: false };
    candidates.push(`vmcp-${wanted}-${n}`);
  }
}
