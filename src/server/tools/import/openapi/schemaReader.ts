import type { Variable } from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import { listAt, objectAt, objectsAt, textAt } from '../documentReader.ts';
import type { OpenApiDocument } from './openApiDocument.ts';

type VariableType = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict';

const variableTypes = new Map<string, VariableType>([
  ['string', 'str'],
  ['integer', 'int'],
  ['number', 'float'],
  ['boolean', 'bool'],
  ['array', 'list'],
  ['object', 'dict'],
]);

/** Levels below an argument that its schema tells; deeper ones only say their type. */
const maxDepth = 4;
/** Schemas in one argument; a client gets all tools' schemas at once. */
const maxSchemas = 80;

/** What a schema says beside structure. */
const keptWords = [
  ...['title', 'description', 'format', 'enum', 'const', 'default', 'pattern'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'required'],
] as const;

/** Reads the schemas of a document for the variables of tools. */
export class SchemaReader {
  constructor(private readonly document: OpenApiDocument) {}

  /** A variable for values of a schema; `notes` gets what it cannot say. */
  variable(
    value: JsonValue | undefined,
    { required, description }: { required: boolean; description?: string | undefined },
    notes: string[],
  ): Omit<Variable, 'name'> {
    const schema = this.merged(value);
    if (!schema) notes.push('Its schema cannot be followed; it takes a string.');
    const { description: own, enum: allowed, ...rest } = this.#told(schema ?? {});
    const text = description ?? (typeof own === 'string' ? own : undefined);
    const values = Array.isArray(allowed) ? allowed.filter((one) => one !== null) : [];
    const type = this.#typeOf(schema ?? {}) ?? 'str';
    const { type: _, ...schemaRest } = rest;
    return {
      type,
      required,
      ...(text !== undefined && { description: text }),
      ...(values.length > 0 && { enum: values }),
      ...(Object.keys(schemaRest).length > 0 && { schema: schemaRest }),
    };
  }

  /** A schema with its references followed and the parts of `allOf` put together. */
  merged(value: JsonValue | undefined, depth = 0): JsonObject | undefined {
    const schema = this.document.resolve(value);
    const parts = objectsAt(schema, 'allOf');
    if (!schema || parts.length === 0 || depth > maxDepth) return schema;
    const { allOf: _, ...own } = schema;
    const all = [...parts.map((part) => this.merged(part, depth + 1) ?? {}), own];
    const properties = all.flatMap((part) => Object.entries(objectAt(part, 'properties') ?? {}));
    const required = [...new Set(all.flatMap((part) => listAt(part, 'required')))];
    return {
      ...Object.fromEntries(all.flatMap(Object.entries<JsonValue | undefined>)),
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(required.length > 0 && { required }),
    };
  }

  /** Names and schemas of an object's members; undefined for a schema that names none. */
  properties(schema: JsonObject): [string, JsonValue][] | undefined {
    const properties = Object.entries(objectAt(schema, 'properties') ?? {});
    if (properties.length === 0) return undefined;
    return properties.map(([name, property]) => [name, property ?? {}]);
  }

  /** Whether values of the schema are files. */
  isBinary(value: JsonValue | undefined): boolean {
    const schema = this.merged(value);
    const format = textAt(schema, 'format');
    const mediaType = textAt(schema, 'contentMediaType');
    return format === 'binary' || mediaType === 'application/octet-stream';
  }

  #typeOf(schema: JsonObject): VariableType | undefined {
    const { type } = schema;
    const types = (Array.isArray(type) ? type : [type]).filter((one) => one !== 'null');
    if (types.length === 1 && typeof types[0] === 'string') return variableTypes.get(types[0]);
    if (isJsonObject(schema.properties)) return 'dict';
    if (schema.items !== undefined) return 'list';
    const [value] = schema.const !== undefined ? [schema.const] : listAt(schema, 'enum');
    if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
    if (typeof value === 'boolean') return 'bool';
    const options = [...objectsAt(schema, 'oneOf'), ...objectsAt(schema, 'anyOf')].map((option) =>
      this.#typeOf(this.merged(option) ?? {}),
    );
    // Of several types, that of the structure is the one that cannot be said as text.
    return options.find((option) => option === 'dict' || option === 'list') ?? options[0];
  }

  /** What a schema tells a model: no references, not endless, without words of other purposes. */
  #told(schema: JsonObject): JsonObject {
    let schemas = 0;
    const tell = (value: JsonValue | undefined, trail: readonly string[]): JsonObject => {
      schemas += 1;
      const full = this.merged(value) ?? {};
      const told = pick(full, ['type']);
      const reference = isJsonObject(value) ? textAt(value, '$ref') : undefined;
      const isRepeated = reference !== undefined && trail.includes(reference);
      if (isRepeated || trail.length > maxDepth || schemas > maxSchemas) {
        return { ...told, ...pick(full, ['description']) };
      }
      const inner = (part: JsonValue | undefined) => tell(part, [...trail, reference ?? '']);
      return { ...told, ...pick(full, keptWords), ...this.#toldParts(full, inner) };
    };
    return tell(schema, []);
  }

  /** The schemas within a schema. */
  #toldParts(full: JsonObject, tell: (part: JsonValue | undefined) => JsonObject): JsonObject {
    const told: JsonObject = {};
    const properties = this.properties(full);
    if (properties) {
      told.properties = Object.fromEntries(properties.map(([name, one]) => [name, tell(one)]));
    }
    for (const word of ['items', 'additionalProperties'] as const) {
      if (isJsonObject(full[word])) told[word] = tell(full[word]);
    }
    for (const word of ['oneOf', 'anyOf'] as const) {
      const options = objectsAt(full, word);
      if (options.length > 0) told[word] = options.map(tell);
    }
    return told;
  }
}

function pick(schema: JsonObject, words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.flatMap((word) => (schema[word] === undefined ? [] : [[word, schema[word]]])),
  );
}
