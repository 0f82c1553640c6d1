import type { ExportedResource } from '../../../contract/customItems.ts';
import type { FileFact, NewFile, ResourceFiles } from './resourceFiles.ts';

/** The files of an import, saved before there is a record for them. */
export interface ImportedFiles {
  /** By name of the resource. */
  facts: ReadonlyMap<string, FileFact>;
  /** To be called once the record is written, or will not be. */
  release(): void;
}

/** @throws InvalidError for a file over 10 MiB */
export async function saveImportedFiles(
  files: ResourceFiles,
  vmcpId: string,
  resources: readonly ExportedResource[],
): Promise<ImportedFiles> {
  const saved = new Map<string, NewFile>();
  const release = () => {
    for (const file of saved.values()) file.release();
  };
  try {
    for (const { name, content_base64 } of resources) {
      if (content_base64 === undefined || saved.has(name)) continue;
      saved.set(name, await files.write(vmcpId, chunksOf(content_base64)));
    }
  } catch (error) {
    release();
    await files.prune(vmcpId, undefined);
    throw error;
  }
  return { facts: new Map([...saved].map(([name, { fact }]) => [name, fact])), release };
}

async function* chunksOf(base64: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(base64, 'base64');
}
