import type { JsonValue } from '../../../../contract/json.ts';

type PlaceholderType = 'str' | 'int' | 'float' | 'bool';

const placeholderTypes: Record<string, PlaceholderType | undefined> = {
  ...{ string: 'str', uuid: 'str', date: 'str', dateTime: 'str' },
  ...{ integer: 'int', long: 'int', number: 'float', float: 'float', double: 'float' },
  ...{ boolean: 'bool' },
};

/** The type of `<string>`, `<long>` and the like, which stand for values to be given. */
export function placeholderOf(value: string): PlaceholderType | undefined {
  const name = /^<([A-Za-z]+)>$/.exec(value)?.[1];
  return name === undefined ? undefined : placeholderTypes[name];
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
