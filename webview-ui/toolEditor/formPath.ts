import { isJsonObject, type JsonObject, type JsonValue } from '../../src/contract/json.ts';
import { own, withMember } from '../shared/own.ts';

/** Where a value stands in a definition, like `steps.0.tool`; members with dots in them are lists of pairs here. */
export type FormPath = readonly (string | number)[];

/** The value at a path; undefined where there is none. */
export function valueAt(value: JsonValue | undefined, path: FormPath): JsonValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) return valueAt(value[Number(step)], rest);
  return isJsonObject(value)
    ? valueAt(own(value as Record<string, JsonValue>, String(step)), rest)
    : undefined;
}

/** The definition with another value at a path; undefined takes a member out. */
export function withValueAt(
  definition: JsonObject,
  path: FormPath,
  value: JsonValue | undefined,
): JsonObject {
  return changed(definition, path, value) as JsonObject;
}

function changed(
  target: JsonValue | undefined,
  path: FormPath,
  value: JsonValue | undefined,
): JsonValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(target)) {
    const next = changed(target[Number(step)], rest, value);
    return target.flatMap((item, index) => {
      if (index !== Number(step)) return [item];
      return next === undefined ? [] : [next];
    });
  }
  const record = (isJsonObject(target) ? target : {}) as Record<string, JsonValue>;
  return withMember(record, String(step), changed(own(record, String(step)), rest, value));
}

/** A path as the server writes it. */
export function pathText(path: FormPath): string {
  return path.join('.');
}
