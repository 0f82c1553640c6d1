import type { FormParam, RequestBody } from 'postman-collection';
import type { JsonObject } from '../../../../contract/json.ts';
import type { ConcreteBody } from '../concrete/concreteRequest.ts';
import { parseMarkedJson } from '../concrete/parseMarkedJson.ts';
import { objectAt, textAt } from '../documentReader.ts';
import { postmanText } from './postmanText.ts';
import { readField, readFields } from './readFields.ts';

const mediaTypes = new Map([
  ['json', 'application/json'],
  ['xml', 'application/xml'],
  ['html', 'text/html'],
  ['javascript', 'application/javascript'],
]);

/** With what the types of the library leave out. */
type Body = RequestBody & { disabled?: boolean; options?: JsonObject; graphql?: JsonObject };
type Part = FormParam & { type?: string };

/** The body of a request; `notes` gets what cannot be sent. */
export function readBody(body: Body, notes: string[]): ConcreteBody | undefined {
  if (body.disabled === true) return undefined;
  switch (body.mode) {
    case 'raw':
      return readRaw(body);
    case 'urlencoded':
      return { type: 'form', fields: readFields(body.urlencoded) };
    case 'formdata': {
      const parts: Part[] = body.formdata?.all() ?? [];
      const fields = parts.map((part) => ({ ...readField(part), isFile: part.type === 'file' }));
      return { type: 'multipart', fields: fields.filter(({ name }) => name !== '') };
    }
    case 'graphql':
      return readGraphql(body.graphql ?? {});
    case undefined:
      return undefined;
    default:
      notes.push(`Its body is of the kind "${body.mode}", which is not supported.`);
      return undefined;
  }
}

function readRaw(body: Body): ConcreteBody | undefined {
  const text = postmanText(body.raw);
  if (text.trim() === '') return undefined;
  const language = textAt(objectAt(body.options, 'raw'), 'language') ?? '';
  const value = language === '' || language === 'json' ? parseMarkedJson(text) : undefined;
  if (value !== undefined) return { type: 'json', value };
  const contentType = mediaTypes.get(language);
  return { type: 'text', text, ...(contentType !== undefined && { contentType }) };
}

function readGraphql(graphql: JsonObject): ConcreteBody {
  const variables = parseMarkedJson(postmanText(graphql.variables)) ?? {};
  return {
    type: 'json',
    value: { query: postmanText(graphql.query), variables },
    fixed: ['query'],
  };
}
