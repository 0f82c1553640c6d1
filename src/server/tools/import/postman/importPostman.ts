import { Collection, type Item, ItemGroup } from 'postman-collection';
import type { JsonObject } from '../../../../contract/json.ts';
import type { ImportedOperation } from '../../../../contract/toolImport.ts';
import { InvalidError } from '../../../appErrors.ts';
import type { ConcreteContext } from '../concrete/concreteTool.ts';
import { concreteTool } from '../concrete/concreteTool.ts';
import { KnownValues } from '../concrete/knownValues.ts';
import { replaceMarks } from '../concrete/marks.ts';
import { isCredentialName } from '../credentialNames.ts';
import { objectAt, objectsAt, textAt } from '../documentReader.ts';
import { ImportConfig } from '../importConfig.ts';
import { UniqueNames } from '../importNames.ts';
import type { ImportSources, ReadImport } from '../importSources.ts';
import { postmanName, postmanText } from './postmanText.ts';
import { isPostmanMethod, readRequest } from './readRequest.ts';

/** HTTP tools for the requests of a Postman collection, version 2.1 (or 2.0). @throws InvalidError */
export function importPostman(json: JsonObject, sources: ImportSources): ReadImport {
  // The Postman API wraps it.
  const document = objectAt(json, 'collection') ?? json;
  const collection = readCollection(document);
  const title = postmanName(collection) || 'Collection';
  const known = new KnownValues();
  for (const variable of objectsAt(document, 'variable')) addVariable(known, variable);
  const config = new ImportConfig(title);
  const reader = new CollectionReader({ config, known, importedFrom: 'postman' }, sources);
  reader.read(collection, { ids: [], folder: [] });
  const hasScripts = collection.events.count() > 0;
  const notes = hasScripts ? ['The scripts of the collection are left out.'] : [];
  return { title, operations: reader.operations, config, notes };
}

function readCollection(document: JsonObject): Collection {
  if (!objectAt(document, 'info') || !Array.isArray(document.item)) {
    throw new InvalidError(
      'This is no Postman collection of version 2: it has no "info" and "item" at its top',
      'text',
    );
  }
  try {
    return new Collection(document);
  } catch (error) {
    // What the library throws is a matter of the document, but for one that is too deep.
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
    throw new InvalidError(`The Postman collection cannot be read: ${error.message}`, 'text');
  }
}

/** Read from the document, since the library forgets which variables are secret. */
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
}

/** Makes operations of the requests in one collection, folder by folder. */
class CollectionReader {
  readonly operations: ImportedOperation[] = [];
  readonly #names: UniqueNames;

  constructor(
    private readonly context: ConcreteContext,
    sources: ImportSources,
  ) {
    this.#names = new UniqueNames(sources.takenNames);
  }

  read(group: ItemGroup<Item>, { ids, folder }: Place): void {
    for (const [index, item] of group.items.all().entries()) {
      const place = { ids: [...ids, index + 1], folder };
      if (isFolder(item)) this.read(item, { ...place, folder: [...folder, postmanName(item)] });
      else this.#readItem(item, place);
    }
  }

  #readItem(item: Item, { ids, folder }: Place): void {
    const about = { id: ids.join('.'), folder: [...folder], notes: [] as string[] };
    const { method } = item.request;
    const name = postmanName(item);
    if (!isPostmanMethod(method)) {
      const skipped = `${method} is not supported`;
      this.operations.push({ ...about, operation: `${method} ${name}`, skipped });
      return;
    }
    const request = readRequest(item, method);
    if (request.address === '') {
      if (name !== '')
        this.operations.push({ ...about, operation: name, skipped: 'It has no URL' });
      return;
    }
    const operation = `${method} ${replaceMarks(request.address, (one) => `{{${one}}}`, String)}`;
    if (item.events.count() > 0) request.notes.push('Its scripts are left out.');
    const tool = concreteTool(request, this.#names.tool(name || operation), this.context);
    this.operations.push({ ...about, operation, tool, notes: request.notes });
  }
}

function isFolder(item: Item | ItemGroup<Item>): item is ItemGroup<Item> {
  return ItemGroup.isItemGroup(item);
}
