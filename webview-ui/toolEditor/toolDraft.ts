import { isJsonObject, type JsonObject, type JsonValue } from '../../src/contract/json.ts';
import { valueAt, withValueAt } from './formPath.ts';

/** Edits that are not saved. */
export interface ToolEdits {
  /** The definition as it was when the editing began, without what stands in the document. */
  base: JsonObject;
  fields: JsonObject;
  /** A credential was typed before a reload, which does not keep it. */
  lostSecret: boolean;
}

const auth = ['api_config', 'auth'] as const;

/** What of an item is edited here: its document holds the rest. */
export function fieldsOf(item: JsonObject): JsonObject {
  const { name: _, tool_type: __, code: ___, text: ____, messages: _____, ...fields } = item;
  return fields;
}

export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The edits as they are kept over reloads: without a credential that was typed. */
export function draftOf({ base, fields, lostSecret }: ToolEdits): JsonValue {
  const typed = valueAt(fields, auth);
  const isTyped = !isSame(typed, valueAt(base, auth)) && isJsonObject(typed) && holdsSecret(typed);
  const kept = isTyped ? withValueAt(fields, auth, withoutSecrets(typed)) : fields;
  return { base, fields: kept, lostSecret: lostSecret || isTyped };
}

/** The edits that a draft of this page's own holds. */
export function editsOf(draft: JsonValue): ToolEdits | undefined {
  return isJsonObject(draft) ? (draft as unknown as ToolEdits) : undefined;
}

/** My changes put on what others saved meanwhile, field by field; where both changed one, mine stays. */
export function mergeFields(
  { base, fields }: ToolEdits,
  theirs: JsonObject,
): { fields: JsonObject; conflicts: string[] } {
  const names = new Set([...Object.keys(base), ...Object.keys(fields), ...Object.keys(theirs)]);
  const conflicts: string[] = [];
  const merged = [...names].flatMap((name): [string, JsonValue][] => {
    const [was, mine, other] = [base[name], fields[name], theirs[name]];
    if (!isSame(was, mine) && !isSame(was, other) && !isSame(mine, other)) conflicts.push(name);
    const value = isSame(was, mine) ? other : mine;
    return value === undefined ? [] : [[name, value]];
  });
  return { fields: Object.fromEntries(merged), conflicts };
}

const openMembers = ['type', 'in', 'name', 'username'];

function holdsSecret(credentials: JsonObject): boolean {
  return !isSame(credentials, withoutSecrets(credentials));
}

/** References to the configuration are no secrets. */
function withoutSecrets(credentials: JsonObject): JsonObject {
  const blank = (value: JsonValue | undefined): JsonValue | undefined => {
    if (typeof value === 'string') return /^(@config\b|\{\{)/.test(value) ? value : '';
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, blank(each)]));
  };
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => [
      name,
      openMembers.includes(name) ? value : blank(value),
    ]),
  );
}
