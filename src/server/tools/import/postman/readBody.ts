import type { JsonObject } from '../../../../contract/json.ts';
import type { ConcreteBody } from '../concrete/concreteRequest.ts';
import { parseMarkedJson } from '../concrete/parseMarkedJson.ts';
import { objectAt, objectsAt, textAt } from '../documentReader.ts';
import { postmanText } from './postmanText.ts';
import { readFields } from './readFields.ts';

const mediaTypes = new Map([
  ['json', 'application/json'],
  ['xml', 'application/xml'],
  ['html', 'text/html'],
  ['javascript', 'application/javascript'],
]);

/** The body of a request; `notes` gets what cannot be sent. */
export function readBody(body: JsonObject, notes: string[]): ConcreteBody | undefined {
  if (body.disabled === true) return undefined;
  switch (body.mode) {
    case 'raw':
      return readRaw(body);
    case 'urlencoded':
      return { type: 'form', fields: readFields(objectsAt(body, 'urlencoded')) };
    case 'formdata': {
      const entries = objectsAt(body, 'formdata').filter(({ key }) => typeof key === 'string');
      const fields = readFields(entries).map((field, index) => {
        return { ...field, isFile: entries[index]?.type === 'file' };
      });
      return { type: 'multipart', fields };
    }
    case 'graphql':
      return readGraphql(objectAt(body, 'graphql') ?? {});
    case undefined:
      return undefined;
    default:
      notes.push(`Its body is of the kind "${String(body.mode)}", which is not supported.`);
      return undefined;
  }
}

function readRaw(body: JsonObject): ConcreteBody | undefined {
  const text = postmanText(body.raw);
  if (text.trim() === '') return undefined;
  const language = textAt(objectAt(objectAt(body, 'options'), 'raw'), 'language') ?? '';
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
