import type { JsonValue } from '../../../../contract/json.ts';

type PlaceholderType = 'str' | 'int' | 'float' | 'bool';

const placeholderTypes = new Map<string, PlaceholderType>([
  ...(['string', 'uuid', 'date', 'dateTime'] as const).map((name) => [name, 'str'] as const),
  ...(['integer', 'long'] as const).map((name) => [name, 'int'] as const),
  ...(['number', 'float', 'double'] as const).map((name) => [name, 'float'] as const),
  ['boolean', 'bool'],
]);

/** The type of `<string>`, `<long>` and the like, which stand for values to be given. */
export function placeholderOf(value: string): PlaceholderType | undefined {
  const name = /^<([A-Za-z]+)>$/.exec(value)?.[1];
  return name === undefined ? undefined : placeholderTypes.get(name);
}

/** Whether any text in a value is a placeholder. */
export function holdsPlaceholder(value: JsonValue): boolean {
  if (typeof value === 'string') return placeholderOf(value) !== undefined;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((one) => holdsPlaceholder(one ?? null))
  );
}
