import type { ToolImport, ToolImportRequest } from '../../../contract/toolImport.ts';
import { importCurl } from './curl/importCurl.ts';
import { detectFormat } from './detectFormat.ts';
import type { ImportSources, ReadImport } from './importSources.ts';
import { importOpenApi } from './openapi/importOpenApi.ts';
import { importPostman } from './postman/importPostman.ts';
import { readDocument } from './readDocument.ts';

/**
 * Makes HTTP tools from a document. Large ones take a second; the server has it done by the import
 * worker. Names do not depend on which operations are chosen.
 * @throws InvalidError for a document that cannot be read, with its place
 */
export function importTools(request: ToolImportRequest): ToolImport {
  const { text, format = detectFormat(text), source_url, taken_names = [] } = request;
  const sources: ImportSources = { sourceUrl: source_url, takenNames: taken_names };
  const read = readText(format, text, sources);
  const chosen = request.operations && new Set(request.operations);
  const operations = read.operations.filter(({ id }) => chosen?.has(id) ?? true);
  const texts = operations.map(({ tool }) => JSON.stringify(tool?.api_config) ?? '');
  return {
    format,
    title: read.title,
    operations,
    ...read.config.usedIn(texts),
    notes: read.notes,
  };
}

function readText(format: ToolImport['format'], text: string, sources: ImportSources): ReadImport {
  switch (format) {
    case 'openapi':
      return importOpenApi(readDocument(text), sources);
    case 'postman':
      return importPostman(readDocument(text), sources);
    case 'curl':
      return importCurl(text, sources);
  }
}
