import type { ApiConfig } from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonObject } from '../../../../contract/json.ts';
import type { ImportedOperation } from '../../../../contract/toolImport.ts';
import { listAt, objectAt, textAt } from '../documentReader.ts';
import { ImportConfig } from '../importConfig.ts';
import { UniqueNames } from '../importNames.ts';
import type { ImportSources, ReadImport } from '../importSources.ts';
import { makeHttpTool } from '../makeHttpTool.ts';
import { escapeUrlText } from '../templateText.ts';
import { OpenApiDocument } from './openApiDocument.ts';
import { SchemaReader } from './schemaReader.ts';
import { serverAddress } from './serverAddress.ts';
import { takeBody } from './takeBody.ts';
import { takeParameters } from './takeParameters.ts';
import { takeSecurity } from './takeSecurity.ts';
import { ToolDraft } from './toolDraft.ts';

const methods = new Set(['get', 'head', 'post', 'put', 'patch', 'delete']);
const unsupportedMethods = new Set(['options', 'trace', 'query']);

/** HTTP tools for the operations of an OpenAPI document. @throws InvalidError for what is none */
export function importOpenApi(json: JsonObject, sources: ImportSources): ReadImport {
  const document = OpenApiDocument.read(json);
  const title = textAt(objectAt(document.root, 'info'), 'title') ?? 'API';
  const config = new ImportConfig(title);
  const reader = new OperationReader(document, config, sources);
  const notes: string[] = [];
  const operations = Object.entries(objectAt(document.root, 'paths') ?? {}).flatMap(
    ([path, given]) => {
      const pathItem = document.resolve(given);
      if (pathItem) return reader.readPath(path, pathItem);
      notes.push(`The path ${path} is left out: it is no object, or its reference leads nowhere.`);
      return [];
    },
  );
  if (document.root.webhooks !== undefined)
    notes.push('Webhooks are no requests; they are left out.');
  return { title, operations, config, notes };
}

/** Reads the operations of one document. */
class OperationReader {
  readonly #names: UniqueNames;
  readonly #context: { document: OpenApiDocument; schemas: SchemaReader };

  constructor(
    private readonly document: OpenApiDocument,
    private readonly config: ImportConfig,
    private readonly sources: ImportSources,
  ) {
    this.#names = new UniqueNames(sources.takenNames);
    this.#context = { document, schemas: new SchemaReader(document) };
  }

  readPath(path: string, pathItem: JsonObject): ImportedOperation[] {
    return Object.entries(pathItem).flatMap(([key, operation]): ImportedOperation[] => {
      const isMethod = methods.has(key);
      if (!isMethod && !unsupportedMethods.has(key)) return [];
      const method = key.toUpperCase();
      const id = `${method} ${path}`;
      const folder = isJsonObject(operation)
        ? listAt(operation, 'tags').slice(0, 1).map(String)
        : [];
      const about = { id, operation: id, folder };
      if (!isMethod) return [{ ...about, notes: [], skipped: `${method} is not supported` }];
      if (!isJsonObject(operation)) return [{ ...about, notes: [], skipped: 'It is no object' }];
      // The pattern of methods above is that of the type.
      const known = method as ApiConfig['method'];
      return [{ ...about, ...this.#readOperation(known, path, pathItem, operation) }];
    });
  }

  #readOperation(
    method: ApiConfig['method'],
    path: string,
    pathItem: JsonObject,
    operation: JsonObject,
  ): Pick<ImportedOperation, 'tool' | 'notes'> {
    const draft = new ToolDraft();
    takeParameters(draft, operation, pathItem, this.#context);
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead) takeBody(draft, operation, this.#context);
    else if (operation.requestBody !== undefined) draft.notes.push(`${method} sends no body.`);
    takeSecurity(draft, operation, this.document, this.config);
    if (operation.deprecated === true) draft.notes.push('It is deprecated.');
    const holders = [operation, pathItem, this.document.root];
    const address = serverAddress(holders, this.sources.sourceUrl, this.config, draft.notes);
    const [summary, text] = [textAt(operation, 'summary'), textAt(operation, 'description')];
    const tool = makeHttpTool({
      name: this.#names.tool(textAt(operation, 'operationId') ?? `${method.toLowerCase()}_${path}`),
      title: summary,
      description: [summary, text].filter(Boolean).join('\n\n') || `${method} ${path}`,
      api: {
        method,
        url: address + pathTemplate(path, draft),
        headers: Object.fromEntries(draft.headers),
        query_params: Object.fromEntries(draft.query),
        ...(draft.cookies.size > 0 && { cookies: Object.fromEntries(draft.cookies) }),
        ...draft.body,
        auth: draft.auth,
      },
      variables: draft.variables.list(),
      importedFrom: 'openapi',
    });
    return { tool, notes: draft.notes };
  }
}

/** `/pets/{petId}` with the variables' names; one that is not described is made up. */
function pathTemplate(path: string, draft: ToolDraft): string {
  return path
    .split(/\{([^{}]+)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return escapeUrlText(part);
      let variable = draft.path.get(part);
      if (variable === undefined) {
        draft.notes.push(`The path parameter "${part}" is not described; it takes a string.`);
        variable = draft.variables.add(part, { type: 'str', required: true });
        draft.path.set(part, variable);
      }
      return `{${variable}}`;
    })
    .join('');
}
