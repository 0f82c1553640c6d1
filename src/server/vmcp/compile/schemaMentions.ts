import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { ownMember } from './ownMember.ts';

/** Hostile schemas can be endless; what was not looked at counts as a mention. */
const maxNodes = 20_000;

/**
 * Finds where else than in its own entry of `properties` and `required` a tool's schema speaks of a
 * top-level property. Taking such a property away would leave a schema that says something untrue.
 * @returns the place, like `inputSchema.oneOf.1.required`; undefined where there is none
 */
export function findMention(schema: JsonObject, property: string): string | undefined {
  return (
    new InPlaceSearch(schema, property).run() ?? findReference(schema, property, 'inputSchema')
  );
}

/** Walks the subschemas that apply to the arguments object itself (JSON Schema 2020-12, 10.2). */
class InPlaceSearch {
  readonly #seen = new Set<JsonObject>();

  constructor(
    private readonly root: JsonObject,
    private readonly property: string,
  ) {}

  run(): string | undefined {
    return this.#visit(this.root, 'inputSchema');
  }

  #visit(schema: JsonValue | undefined, place: string): string | undefined {
    if (!isJsonObject(schema) || this.#seen.has(schema)) return undefined;
    if (this.#seen.size >= maxNodes) return place;
    this.#seen.add(schema);
    return this.#mentionIn(schema, place) ?? this.#visitSubschemas(schema, place);
  }

  #mentionIn(schema: JsonObject, place: string): string | undefined {
    if (schema !== this.root) {
      if (includes(schema.required, this.property)) return `${place}.required`;
      if (hasMember(schema.properties, this.property))
        return `${place}.properties.${this.property}`;
    }
    for (const keyword of ['dependentRequired', 'dependencies', 'dependentSchemas']) {
      const dependencies = ownMember(schema, keyword);
      if (!isJsonObject(dependencies)) continue;
      for (const [key, needed] of Object.entries(dependencies)) {
        if (key === this.property || includes(needed, this.property)) {
          return `${place}.${keyword}.${key}`;
        }
      }
    }
    if (!isJsonObject(schema.patternProperties)) return undefined;
    const pattern = Object.keys(schema.patternProperties).find((p) => mayMatch(p, this.property));
    return pattern === undefined ? undefined : `${place}.patternProperties.${pattern}`;
  }

  #visitSubschemas(schema: JsonObject, place: string): string | undefined {
    for (const keyword of ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else']) {
      const value = ownMember(schema, keyword);
      const found = Array.isArray(value)
        ? this.#visitAll(Object.entries(value), `${place}.${keyword}`)
        : this.#visit(value, `${place}.${keyword}`);
      if (found !== undefined) return found;
    }
    for (const keyword of ['dependentSchemas', 'dependencies']) {
      const value = ownMember(schema, keyword);
      if (!isJsonObject(value)) continue;
      const found = this.#visitAll(Object.entries(value), `${place}.${keyword}`);
      if (found !== undefined) return found;
    }
    if (typeof schema.$ref !== 'string') return undefined;
    return this.#visit(
      resolvePointer(this.root, schema.$ref),
      `inputSchema${schema.$ref.slice(1).replaceAll('/', '.')}`,
    );
  }

  #visitAll(entries: [string, JsonValue | undefined][], place: string): string | undefined {
    for (const [key, schema] of entries) {
      const found = this.#visit(schema, `${place}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** A `$ref` into the property's own schema, from anywhere: it would point to nothing. */
function findReference(schema: JsonObject, property: string, place: string): string | undefined {
  const own = isJsonObject(schema.properties) ? ownMember(schema.properties, property) : undefined;
  const target = `#/properties/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const queue: [JsonValue | undefined, string][] = [[schema, place]];
  for (let at = 0; at < queue.length; at++) {
    const [value, where] = queue[at] ?? [undefined, ''];
    if (at >= maxNodes) return where;
    if (typeof value !== 'object' || value === null || (value === own && own !== undefined))
      continue;
    for (const [key, member] of Object.entries(value)) {
      if (key === '$ref' && typeof member === 'string' && pointsInto(member, target)) {
        return `${where}.$ref`;
      }
      queue.push([member, `${where}.${key}`]);
    }
  }
  return undefined;
}

function pointsInto(ref: string, target: string): boolean {
  const plain = decode(ref);
  return plain === target || plain.startsWith(`${target}/`);
}

function resolvePointer(root: JsonObject, ref: string): JsonValue | undefined {
  if (ref !== '#' && !ref.startsWith('#/')) return undefined;
  let value: JsonValue | undefined = root;
  for (const step of decode(ref).split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
  }
  return value;
}

function decode(ref: string): string {
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref; // not percent-encoded: taken as it is
  }
}

/**
 * Whether a pattern may match the name. Foreign patterns are never run, since they can take for ever:
 * plain beginnings, ends and texts are compared, anything else counts as a match.
 */
function mayMatch(pattern: string, name: string): boolean {
  const match = /^(\^?)([\w-]*)(?:\.[*+])?(\$?)$/.exec(pattern);
  if (!match) return true;
  const text = match[2] ?? '';
  const open = /\.[*+]/.test(pattern);
  if (match[1] && match[3] && !open) return name === text;
  if (match[1]) return name.startsWith(text);
  if (match[3] && !open) return name.endsWith(text);
  return name.includes(text);
}

function includes(list: JsonValue | undefined, name: string): boolean {
  return Array.isArray(list) && list.includes(name);
}

function hasMember(value: JsonValue | undefined, name: string): boolean {
  return isJsonObject(value) && Object.hasOwn(value, name);
}
