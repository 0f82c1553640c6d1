import type { Variable } from '../../../contract/customItems.ts';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { convertArguments, variablesSchema } from '../variables.ts';

/*
 * A Python tool's signature says what it takes. Variables that its author declared besides say it better:
 * their type, description and default go before those of the code.
 */

/** The input schema of the signature with what the variables declare. */
export function schemaWithVariables(
  schema: JsonObject,
  variables: readonly Variable[],
): JsonObject {
  const declared = variablesSchema(variables);
  const own = isJsonObject(schema.properties) ? schema.properties : {};
  const added = isJsonObject(declared.properties) ? declared.properties : {};
  const properties = Object.entries(added).map(([name, value]): [string, JsonObject] => {
    const before = Object.hasOwn(own, name) ? own[name] : undefined;
    const after = isJsonObject(value) ? value : {};
    // `list[int]` of the code says more than `list`; of another type, it is wrong.
    const fits = isJsonObject(before) && before.type === after.type;
    return [name, fits ? { ...after, ...before, ...declaredWords(after) } : after];
  });
  const required = new Set([...names(schema.required), ...names(declared.required)]);
  for (const { name, default: value } of variables) if (value !== undefined) required.delete(name);
  return {
    ...schema,
    properties: { ...own, ...Object.fromEntries(properties) },
    required: [...required],
  };
}

/**
 * Arguments with those that are declared checked, converted and filled in; the others are left to Python.
 * @throws ArgumentError that names the argument
 */
export function argumentsWithVariables(
  args: JsonObject,
  variables: readonly Variable[],
): JsonObject {
  const isDeclared = (name: string) => variables.some((variable) => variable.name === name);
  const entries = Object.entries(args);
  const declared = Object.fromEntries(entries.filter(([name]) => isDeclared(name)));
  const others = Object.fromEntries(entries.filter(([name]) => !isDeclared(name)));
  return { ...others, ...convertArguments(variables, declared) };
}

function declaredWords(schema: JsonObject): JsonObject {
  const { description, default: value, enum: choices } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value }),
    ...(choices !== undefined && { enum: choices }),
  };
}

function names(required: unknown): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}
