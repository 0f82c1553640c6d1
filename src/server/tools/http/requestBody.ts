import { Blob, FormData } from 'node-fetch';
import type { ApiConfig } from '../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { jsonTemplate } from './jsonTemplate.ts';
import { RequestError } from './requestError.ts';
import { type Rendered, type TemplateBatch, textOf } from './templateBatch.ts';
import { formatParts, type QueryEntry, type Rewrite } from './urlParts.ts';
import { namedEntries, prepareQueryText } from './urlTemplate.ts';

export interface RequestBody {
  /** What is sent. */
  content: string | FormData;
  /** Of `content`; a form's is said by what sends it, which knows the boundary. */
  contentType?: string;
  /** The body for people. */
  shown(rewrite: Rewrite): JsonValue;
}

/** The body of a request by its type; undefined where there is none. */
export function prepareBody(
  { body, body_type }: Pick<ApiConfig, 'body' | 'body_type'>,
  batch: TemplateBatch,
): Rendered<RequestBody | undefined> {
  if (body === undefined || body === null || body === '') return () => undefined;
  switch (body_type) {
    case 'json':
      return prepareJson(body, batch);
    case 'form':
      return prepareForm(body, batch);
    case 'multipart':
      return prepareMultipart(body, batch);
    case 'text': {
      const text = batch.value(body, 'body');
      return () => textBody(textOf(text()), 'text/plain; charset=utf-8');
    }
  }
}

/**
 * JSON keeps types: `"@param:n"` becomes `3`. A body written as text is taken apart as JSON first, so
 * that no value in it can change what is around it; only where Mustache sections make it no JSON
 * before rendering is it rendered as text.
 */
function prepareJson(body: JsonValue, batch: TemplateBatch): Rendered<RequestBody | undefined> {
  const structure = typeof body === 'string' ? jsonTemplate(body) : body;
  const rendered = batch.value(structure, 'body');
  const isText = typeof structure === 'string' && /^\s*[[{](?!\{)/.test(structure);
  return () => {
    const value = rendered();
    if (value === undefined || (value === null && typeof structure === 'string')) return undefined;
    const text = isText ? checkedJson(textOf(value)) : JSON.stringify(value);
    return textBody(text, 'application/json');
  };
}

function prepareForm(body: JsonValue, batch: TemplateBatch): Rendered<RequestBody> {
  const entries = formEntries(body, batch);
  return () => {
    const list = entries();
    const write = (rewrite: Rewrite) =>
      list
        .map(({ name, value = [] }) => {
          return `${formatParts(name, rewrite)}=${formatParts(value, rewrite)}`;
        })
        .join('&');
    return {
      content: write((value) => value),
      contentType: 'application/x-www-form-urlencoded',
      shown: write,
    };
  };
}

function formEntries(body: JsonValue, batch: TemplateBatch): Rendered<QueryEntry[]> {
  if (typeof body === 'string') return prepareQueryText(body, 'body', batch);
  const fields = prepareFields(body, batch);
  return () => fields().flatMap(([name, value]) => namedEntries(name, value));
}

function prepareMultipart(body: JsonValue, batch: TemplateBatch): Rendered<RequestBody> {
  const fields = prepareFields(body, batch);
  return () => {
    const list = fields().flatMap(([name, value]) => {
      const items = Array.isArray(value) ? value : [value];
      return items.filter((item) => item !== null).map((item) => [name, item] as const);
    });
    const content = new FormData();
    for (const [name, value] of list) appendField(content, name, value);
    return {
      content,
      shown: (rewrite) =>
        list.map(([name, value]) => ({ name, value: shownField(value, rewrite) })),
    };
  };
}

/** Members of a body object, with those that give nothing left out. */
function prepareFields(body: JsonValue, batch: TemplateBatch): Rendered<[string, JsonValue][]> {
  const rendered = batch.value(body, 'body');
  return () => {
    const fields = rendered();
    if (!isJsonObject(fields)) {
      throw new RequestError(
        'The body must be an object: the names of its fields and their values',
      );
    }
    return Object.entries(fields).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, value]],
    );
  };
}

function appendField(form: FormData, name: string, value: JsonValue): void {
  const file = isJsonObject(value) ? fileOf(name, value) : undefined;
  if (file) form.append(name, file.content, file.filename);
  else if (isJsonObject(value) || Array.isArray(value)) {
    form.append(name, new Blob([JSON.stringify(value)], { type: 'application/json' }));
  } else form.append(name, textOf(value));
}

/** A member with `filename` and `data` (base64) or `text` is a file. */
function fileOf(name: string, { filename, content_type, data, text }: JsonObject) {
  if (typeof filename !== 'string') return undefined;
  if (typeof data !== 'string' && typeof text !== 'string') return undefined;
  const bytes = typeof data === 'string' ? decodeBase64(data, name) : Buffer.from(String(text));
  const type = typeof content_type === 'string' ? content_type : 'application/octet-stream';
  return { filename, content: new Blob([bytes], { type }) };
}

function decodeBase64(text: string, name: string): Buffer<ArrayBuffer> {
  if (!/^[A-Za-z0-9+/_\s-]*={0,2}\s*$/.test(text)) {
    throw new RequestError(`The file "${name}" is not base64; give plain text as "text"`);
  }
  return Buffer.from(text, 'base64');
}

function shownField(value: JsonValue, rewrite: Rewrite): JsonValue {
  if (isJsonObject(value) && typeof value.filename === 'string') {
    const { filename, content_type = null } = value;
    return { filename, content_type };
  }
  return rewrite(textOf(value));
}

function textBody(content: string, contentType: string): RequestBody {
  return { content, contentType, shown: (rewrite) => rewrite(content) };
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RequestError(`The body is no JSON once its values are in it: ${reason}`);
  }
}
