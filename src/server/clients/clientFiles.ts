import type { ClientFile, ClientPlaces } from '../../contract/clientFiles.ts';
import { AppError, NotFoundError } from '../appErrors.ts';
import { userFolders } from './files/clientFolders.ts';
import { decodeText } from './files/fileText.ts';
import { readForeignFile } from './files/foreignFile.ts';
import { type KnownFile, knownFiles } from './files/knownFiles.ts';
import { ConfigTextError, type Draft } from './read/draft.ts';
import { parseConfigText } from './read/parseConfigText.ts';
import { readFileConfig } from './read/readConfig.ts';

/** The environment in which the newest window runs. */
export type CurrentEnvironment = () => Readonly<Record<string, string | undefined>>;

/** The configuration files of other MCP clients on this machine. */
export class ClientFiles {
  constructor(private readonly environment: CurrentEnvironment) {}

  /** All that are known, the existing ones with what stands in them. */
  async list(places: ClientPlaces): Promise<ClientFile[]> {
    const files = await this.#known(places);
    const shown = await Promise.all(files.map((file) => this.#show(file)));
    // What is only read is of interest where something is in it.
    return shown.filter(({ servers }, index) => servers > 0 || files[index]?.writable);
  }

  /** @throws NotFoundError */
  async find(places: ClientPlaces, fileId: string): Promise<KnownFile> {
    const file = (await this.#known(places)).find(({ file_id }) => file_id === fileId);
    if (file) return file;
    throw new NotFoundError('There is no such configuration file', fileId);
  }

  /**
   * The servers in a file; none where it does not exist.
   * @throws InvalidError, ConfigTextError
   */
  async read(file: KnownFile): Promise<{ exists: boolean; drafts: Draft[] }> {
    const { bytes, exists } = await readForeignFile(file.path);
    const { text } = decodeText(bytes, file.path);
    const config = parseConfigText(text, file.language);
    return { exists, drafts: readFileConfig(config, file.place, this.environment()) };
  }

  #known(places: ClientPlaces): Promise<KnownFile[]> {
    return knownFiles(places, userFolders(this.environment()));
  }

  async #show(file: KnownFile): Promise<ClientFile> {
    const { file_id, client, title, path, scope, writable } = file;
    const shown = { file_id, client, title, path, scope, writable };
    try {
      const { exists, drafts } = await this.read(file);
      return { ...shown, exists, servers: drafts.length };
    } catch (error) {
      const problem = fileProblem(error);
      if (problem === undefined) throw error;
      return { ...shown, exists: true, servers: 0, problem };
    }
  }
}

/** Why a file cannot be read, in words for the user; undefined for an error of another kind. */
export function fileProblem(error: unknown): string | undefined {
  return error instanceof ConfigTextError || error instanceof AppError ? error.message : undefined;
}
