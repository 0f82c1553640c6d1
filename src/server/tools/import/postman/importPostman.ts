import type { ApiConfig } from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import type { ImportedOperation } from '../../../../contract/toolImport.ts';
import { InvalidError } from '../../../appErrors.ts';
import type { ConcreteContext } from '../concrete/concreteTool.ts';
import { concreteTool } from '../concrete/concreteTool.ts';
import { KnownValues } from '../concrete/knownValues.ts';
import { replaceMarks } from '../concrete/marks.ts';
import { isCredentialName } from '../credentialNames.ts';
import { listAt, objectAt, objectsAt, textAt } from '../documentReader.ts';
import { ImportConfig } from '../importConfig.ts';
import { UniqueNames } from '../importNames.ts';
import type { ImportSources, ReadImport } from '../importSources.ts';
import { postmanText } from './postmanText.ts';
import { readRequest } from './readRequest.ts';

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const maxDepth = 50;

/** HTTP tools for the requests of a Postman collection, version 2.1 (or 2.0). @throws InvalidError */
export function importPostman(json: JsonObject, sources: ImportSources): ReadImport {
  // The Postman API wraps it.
  const collection = objectAt(json, 'collection') ?? json;
  const info = objectAt(collection, 'info');
  if (!info || !Array.isArray(collection.item)) {
    throw new InvalidError(
      'This is no Postman collection of version 2: it has no "info" and "item" at its top',
      'text',
    );
  }
  const title = textAt(info, 'name') ?? 'Collection';
  const known = new KnownValues();
  for (const variable of objectsAt(collection, 'variable')) addVariable(known, variable);
  const config = new ImportConfig(title);
  const reader = new CollectionReader({ config, known, importedFrom: 'postman' }, sources);
  reader.read(collection.item, { ids: [], folder: [], auth: objectAt(collection, 'auth') });
  const hasScripts = listAt(collection, 'event').length > 0;
  const notes = hasScripts ? ['The scripts of the collection are left out.'] : [];
  return { title, operations: reader.operations, config, notes };
}

function addVariable(known: KnownValues, variable: JsonObject): void {
  const name = textAt(variable, 'key') ?? textAt(variable, 'id');
  if (name === undefined || variable.disabled === true) return;
  const isSecret = variable.type === 'secret' || isCredentialName(name);
  known.add(name, postmanText(variable.value), isSecret);
}

/** Where an item stands. */
interface Place {
  ids: readonly number[];
  folder: readonly string[];
  /** Of the nearest folder that has one. */
  auth: JsonObject | undefined;
}

/** Reads the folders and requests of one collection. */
class CollectionReader {
  readonly operations: ImportedOperation[] = [];
  readonly #names: UniqueNames;

  constructor(
    private readonly context: ConcreteContext,
    sources: ImportSources,
  ) {
    this.#names = new UniqueNames(sources.takenNames);
  }

  read(items: readonly JsonValue[], place: Place): void {
    for (const [index, item] of items.entries()) {
      if (!isJsonObject(item)) continue;
      const ids = [...place.ids, index + 1];
      const name = textAt(item, 'name') ?? '';
      if (Array.isArray(item.item)) this.#readFolder(item, item.item, { ...place, ids });
      else this.#readItem(item, name, { ...place, ids });
    }
  }

  #readFolder(folder: JsonObject, items: readonly JsonValue[], place: Place): void {
    if (place.ids.length > maxDepth) {
      throw new InvalidError(`Folders are nested deeper than ${maxDepth} levels`, 'text');
    }
    this.read(items, {
      ids: place.ids,
      folder: [...place.folder, textAt(folder, 'name') ?? ''],
      auth: objectAt(folder, 'auth') ?? place.auth,
    });
  }

  #readItem(item: JsonObject, name: string, { ids, folder, auth }: Place): void {
    const given = item.request;
    const request = typeof given === 'string' ? { url: given } : given;
    const about = { id: ids.join('.'), folder: [...folder], notes: [] as string[] };
    if (!isJsonObject(request)) {
      this.operations.push({ ...about, operation: name, skipped: 'It holds no request' });
      return;
    }
    const method = (textAt(request, 'method') ?? 'GET').toUpperCase();
    if (!methods.includes(method)) {
      this.operations.push({
        ...about,
        operation: `${method} ${name}`,
        skipped: `${method} is not supported`,
      });
      return;
    }
    const concrete = readRequest(request, {
      name,
      method: method as ApiConfig['method'], // it is one of the list above
      inheritedAuth: auth,
    });
    const operation = `${method} ${replaceMarks(concrete.address, (one) => `{{${one}}}`, String)}`;
    if (concrete.address === '') {
      this.operations.push({ ...about, operation, skipped: 'It has no URL' });
      return;
    }
    if (listAt(item, 'event').length > 0) concrete.notes.push('Its scripts are left out.');
    const tool = concreteTool(concrete, this.#names.tool(name || operation), this.context);
    this.operations.push({ ...about, operation, tool, notes: concrete.notes });
  }
}
