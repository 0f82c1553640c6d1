import * as z from 'zod';
import {
  type ClientEntry,
  type ClientFile,
  type ClientPlaces,
  clientEntrySchema,
  clientFilesSchema,
  type ExportBody,
  type ExportPreview,
  exportListSchema,
  exportPreviewSchema,
  type ListedExport,
  type WriteExport,
  type WrittenExport,
  writtenExportSchema,
} from '../contract/clientFiles.ts';
import {
  type AddRegistryServer,
  type RegistryDetails,
  type RegistryPage,
  registryDetailsSchema,
  registryPageSchema,
} from '../contract/registry.ts';
import {
  type ImportedServers,
  type ImportPreview,
  type ImportServers,
  type ImportSource,
  importedServersSchema,
  importPreviewSchema,
} from '../contract/serverImport.ts';
import { type McpServer, mcpServerSchema } from '../contract/servers.ts';
import { importedVmcpSchema, type VmcpFromTemplate } from '../contract/vmcps.ts';
import type { RestClient } from './restClient.ts';

/** What a search in the registry may hold. */
export interface RegistrySearch {
  search: string;
  category: string;
  page: number;
  refresh: boolean;
}

/** The first search of a registry waits for its first page. */
const registryTimeoutMs = 30_000;

/** The part of the REST API by which servers are added, and vMCPs handed to other clients. */
export class AddingClient {
  constructor(private readonly rest: RestClient) {}

  /** What a text or other clients' files would add. @throws RestError where a text is not understood */
  preview(source: ImportSource, signal?: AbortSignal): Promise<ImportPreview> {
    return this.#post('/api/import/servers/preview', importPreviewSchema, source, signal);
  }

  importServers(body: ImportServers): Promise<ImportedServers> {
    return this.#post('/api/import/servers', importedServersSchema, body);
  }

  async files(places: ClientPlaces): Promise<ClientFile[]> {
    return (await this.#post('/api/clients/files', clientFilesSchema, { places })).files;
  }

  entry(
    body: Pick<ExportBody, 'vmcp_id' | 'form'> & Pick<ClientFile, 'client'>,
  ): Promise<ClientEntry> {
    return this.#post('/api/clients/entry', clientEntrySchema, body);
  }

  previewExport(body: ExportBody): Promise<ExportPreview> {
    return this.#post('/api/clients/exports/preview', exportPreviewSchema, body);
  }

  /** @throws RestError 409 where the file was changed since the preview */
  writeExport(body: WriteExport): Promise<WrittenExport> {
    return this.#post('/api/clients/exports', writtenExportSchema, body);
  }

  /** What can still be undone, the newest first. */
  async exports(): Promise<ListedExport[]> {
    return (await this.#get('/api/clients/exports', exportListSchema)).exports;
  }

  /** @throws RestError 409 where the file was changed since the export */
  async undoExport(exportId: string): Promise<void> {
    const path = `/api/clients/exports/${encodeURIComponent(exportId)}/undo`;
    await this.#post(path, z.unknown(), undefined);
  }

  registry(
    { search, category, page, refresh }: RegistrySearch,
    signal: AbortSignal,
  ): Promise<RegistryPage> {
    const query = new URLSearchParams({ search, category, page: String(page) });
    if (refresh) query.set('refresh', 'true');
    return this.#get(`/api/registry/servers?${query}`, registryPageSchema, signal);
  }

  registryServer(id: string): Promise<RegistryDetails> {
    return this.#get(`/api/registry/servers/${encodeURIComponent(id)}`, registryDetailsSchema);
  }

  addRegistryServer(id: string, body: AddRegistryServer): Promise<McpServer> {
    const path = `/api/registry/servers/${encodeURIComponent(id)}/add`;
    return this.#post(path, mcpServerSchema, body);
  }

  createFromTemplate(body: VmcpFromTemplate): Promise<z.infer<typeof importedVmcpSchema>> {
    return this.#post('/api/vmcps/from-template', importedVmcpSchema, body);
  }

  async #get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const options = { timeoutMs: registryTimeoutMs, ...(signal && { signal }) };
    return schema.parse(await this.rest.forward('GET', path, options));
  }

  async #post<T>(
    path: string,
    schema: z.ZodType<T>,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    return schema.parse(await this.rest.forward('POST', path, { body, ...(signal && { signal }) }));
  }
}
