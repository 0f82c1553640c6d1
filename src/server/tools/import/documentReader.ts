import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';

/** A member that is a text; undefined where it is missing or something else. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = memberOf(object, name);
  return typeof value === 'string' ? value : undefined;
}

export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = memberOf(object, name);
  return isJsonObject(value) ? value : undefined;
}

/** A member that is a list; empty where it is missing or something else. */
export function listAt(object: JsonObject | undefined, name: string): JsonValue[] {
  const value = memberOf(object, name);
  return Array.isArray(value) ? value : [];
}

/** The objects in a member that is a list. */
export function objectsAt(object: JsonObject | undefined, name: string): JsonObject[] {
  return listAt(object, name).filter(isJsonObject);
}

export function memberOf(object: JsonObject | undefined, name: string): JsonValue | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
