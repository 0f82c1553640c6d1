import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import { type Asked, type QuestionField, questionLimits } from '../../contract/questions.ts';
import { plainLine, plainText } from './plainText.ts';

const maxFields = 40;
const maxOptions = 500;
/** Names and values of options go back as they are: what is longer is refused. */
const maxValueLength = 1000;

type Named = Pick<QuestionField, 'name' | 'title' | 'description' | 'required'>;
type ChoiceField = Extract<QuestionField, { type: 'choice' }>;
type TextField = Extract<QuestionField, { type: 'text' }>;

/**
 * What a form asks for (MCP 2025-11-25, client/elicitation), from a schema that may be anything.
 * @throws RpcError −32602 that names the part which cannot be asked
 */
export function readForm(params: JsonObject): Asked {
  const schema = params.requestedSchema;
  const properties = isJsonObject(schema) ? schema.properties : undefined;
  if (!isJsonObject(schema) || !isJsonObject(properties)) {
    throw refused('requestedSchema', 'must be an object with “properties”');
  }
  const names = Object.keys(properties);
  if (names.length > maxFields)
    throw refused('requestedSchema', `has over ${maxFields} properties`);
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const fields = names.map((name) => {
    if (name.length > maxValueLength) throw refused('requestedSchema', 'has too long a name');
    return readField(name, properties[name], required.has(name));
  });
  return { kind: 'form', message: plainText(params.message, questionLimits.message), fields };
}

function readField(name: string, schema: JsonValue | undefined, required: boolean): QuestionField {
  const place = `requestedSchema.properties.${plainLine(name, 100)}`;
  if (!isJsonObject(schema)) throw refused(place, 'must be an object');
  const { label, description } = questionLimits;
  const named = {
    name,
    title: plainLine(schema.title, label) || plainLine(name, label) || '?',
    description: plainLine(schema.description, description),
    required,
  };
  const options = optionsOf(schema, place);
  if (options) return { ...named, ...choice(schema, options, false) };
  switch (schema.type) {
    case 'string':
      return textField(named, schema);
    case 'number':
    case 'integer':
      return {
        ...named,
        type: 'number',
        integer: schema.type === 'integer',
        ...numbers(schema, { minimum: 'minimum', maximum: 'maximum', default: 'default' }),
      };
    case 'boolean':
      return {
        ...named,
        type: 'boolean',
        ...(typeof schema.default === 'boolean' && { default: schema.default }),
      };
    case 'array': {
      const items = isJsonObject(schema.items) ? optionsOf(schema.items, place) : undefined;
      if (items) return { ...named, ...choice(schema, items, true) };
    }
  }
  throw refused(place, `of type ${plainLine(JSON.stringify(schema.type) ?? 'none', 60)}`);
}

const formats = ['email', 'uri', 'date', 'date-time'] as const;

function textField(named: Named, schema: JsonObject): TextField {
  const format = formats.find((each) => each === schema.format);
  const pattern = plainLine(schema.pattern, questionLimits.label);
  const isDefault = typeof schema.default === 'string' && schema.default.length <= maxValueLength;
  return {
    ...named,
    type: 'text',
    ...(format && { format }),
    ...(pattern !== '' && { pattern }),
    ...numbers(schema, { min_length: 'minLength', max_length: 'maxLength' }),
    ...(isDefault && { default: String(schema.default) }),
  };
}

/** The four ways to write options: `enum` with or without `enumNames`, `oneOf` and `anyOf` with titles. */
function optionsOf(schema: JsonObject, place: string): ChoiceField['options'] | undefined {
  const titled = schema.oneOf ?? schema.anyOf;
  const values = Array.isArray(schema.enum) ? schema.enum : titled;
  if (!Array.isArray(values)) return undefined;
  if (values.length === 0 || values.length > maxOptions) {
    throw refused(place, `has ${values.length} options`);
  }
  const names = Array.isArray(schema.enumNames) ? schema.enumNames : [];
  return values.map((each, index) => {
    const value = isJsonObject(each) ? each.const : each;
    if (typeof value !== 'string' || value.length > maxValueLength) {
      throw refused(place, 'has an option that is no text');
    }
    const title = plainLine(isJsonObject(each) ? each.title : names[index], questionLimits.label);
    return { value, title: title || plainLine(value, questionLimits.label) || '?' };
  });
}

function choice(schema: JsonObject, options: ChoiceField['options'], many: boolean) {
  const given = Array.isArray(schema.default) ? schema.default : [schema.default];
  const known = new Set(options.map(({ value }) => value));
  const chosen = given.filter((value) => typeof value === 'string' && known.has(value));
  return {
    type: 'choice' as const,
    options,
    many,
    ...(many && numbers(schema, { min_items: 'minItems', max_items: 'maxItems' })),
    ...(chosen.length > 0 && { default: chosen.map(String) }),
  };
}

/** The keywords that are numbers, under our names. */
function numbers<Name extends string>(
  schema: JsonObject,
  keywords: Record<Name, string>,
): Partial<Record<Name, number>> {
  const found: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(keywords) as Name[]) {
    const value = schema[keywords[name]];
    if (typeof value === 'number' && Number.isFinite(value)) found[name] = value;
  }
  return found;
}

function refused(place: string, what: string): RpcError {
  return new RpcError(rpcCodes.invalidParams, `VS Code cannot ask this: ${place} ${what}`);
}
