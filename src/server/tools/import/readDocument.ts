import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { InvalidError } from '../../appErrors.ts';

const maxAliases = 10_000;
/** What aliases may blow a document up to, in values. */
const maxValues = 5_000_000;

/** Reads a JSON or YAML document that is an object. @throws InvalidError with line and column */
export function readDocument(text: string): JsonObject {
  const value = readJson(text) ?? readYaml(text);
  if (!isJsonObject(value)) {
    throw new InvalidError('The document is no JSON or YAML object', 'text: line 1');
  }
  return value;
}

function readJson(text: string): JsonValue | undefined {
  if (!/^[\s\ufeff]*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as JsonValue;
  } catch {
    return undefined; // YAML knows JSON, and says where a mistake is
  }
}

function readYaml(text: string): JsonValue {
  let value: unknown;
  try {
    value = load(text, { schema: CORE_SCHEMA, maxAliases });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error;
    const place = mark ? `text: line ${mark.line + 1}, column ${mark.column + 1}` : 'text';
    throw new InvalidError(`The document is neither JSON nor YAML: ${reason}`, place);
  }
  refuseBomb(value);
  return value as JsonValue;
}

/** Aliases can make a small document endless, or larger than any memory. */
function refuseBomb(document: unknown): void {
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    sizes.set(value, Number.POSITIVE_INFINITY); // met again inside of itself
    let size = 1;
    for (const member of Object.values(value)) size += sizeOf(member);
    sizes.set(value, size);
    return size;
  };
  if (sizeOf(document) > maxValues) {
    throw new InvalidError(
      'The document is too large once its aliases (*name) are followed',
      'text',
    );
  }
}
