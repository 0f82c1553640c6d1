import type { Variable } from '../../../../contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../../contract/json.ts';
import { listAt, memberOf, objectAt, textAt } from '../documentReader.ts';
import { fileVariable } from '../fileVariable.ts';
import type { OpenApiDocument } from './openApiDocument.ts';
import type { SchemaReader } from './schemaReader.ts';
import type { ToolDraft } from './toolDraft.ts';

type BodyType = 'json' | 'form' | 'multipart' | 'text';

/** Best first. */
const bodyTypes: [BodyType, RegExp][] = [
  ['json', /^application\/json\b/i],
  ['json', /[/+]json\b/i],
  ['form', /^application\/x-www-form-urlencoded\b/i],
  ['multipart', /^multipart\/form-data\b/i],
  ['text', /./],
];

interface Content {
  bodyType: BodyType;
  mediaType: string;
  schema: JsonValue;
}

/** Takes over an operation's body: each member of an object is a variable, other bodies are one. */
export function takeBody(
  draft: ToolDraft,
  operation: JsonObject,
  { document, schemas }: { document: OpenApiDocument; schemas: SchemaReader },
): void {
  if (operation.requestBody === undefined) return;
  const requestBody = document.resolve(operation.requestBody);
  const content = requestBody && bestContent(requestBody, document, draft);
  if (!content) {
    draft.notes.push('The body is left out: it is not described, or its reference leads nowhere.');
    return;
  }
  const taker = new BodyTaker(draft, schemas, memberOf(requestBody, 'required') === true);
  draft.body = { body: taker.take(content), body_type: content.bodyType };
  if (
    content.bodyType === 'text' ||
    !/^(application\/json|multipart|.*urlencoded)/i.test(content.mediaType)
  ) {
    if (content.mediaType !== '*/*') draft.headers.set('Content-Type', content.mediaType);
  }
}

function bestContent(
  requestBody: JsonObject,
  document: OpenApiDocument,
  draft: ToolDraft,
): Content | undefined {
  const content = objectAt(requestBody, 'content') ?? {};
  const mediaTypes = Object.keys(content);
  for (const [bodyType, pattern] of bodyTypes) {
    const mediaType = mediaTypes.find((one) => pattern.test(one));
    if (mediaType === undefined) continue;
    if (mediaTypes.length > 1) {
      draft.notes.push(`Of ${mediaTypes.join(', ')} the body is sent as ${mediaType}.`);
    }
    const schema = memberOf(document.resolve(content[mediaType]), 'schema') ?? {};
    return { bodyType, mediaType, schema };
  }
  return undefined;
}

class BodyTaker {
  constructor(
    private readonly draft: ToolDraft,
    private readonly schemas: SchemaReader,
    private readonly isRequired: boolean,
  ) {}

  take({ bodyType, schema }: Content): JsonValue {
    const merged = this.schemas.merged(schema) ?? {};
    const properties = this.schemas.properties(merged);
    if (bodyType === 'text' || !properties) return this.#whole(bodyType, schema);
    const required = new Set(listAt(merged, 'required'));
    const members = properties
      .filter(([, property]) => memberOf(this.schemas.merged(property), 'readOnly') !== true)
      .map(([name, property]): [string, JsonValue] => {
        const isRequired = this.isRequired && required.has(name);
        return [name, this.#member(name, property, isRequired, bodyType)];
      });
    return Object.fromEntries(members);
  }

  #whole(bodyType: BodyType, schema: JsonValue): string {
    const problems: string[] = [];
    const variable =
      bodyType === 'text'
        ? { type: 'str' as const, required: this.isRequired, description: 'The body' }
        : this.schemas.variable(schema, { required: this.isRequired }, problems);
    if (bodyType === 'text' && this.schemas.isBinary(schema)) {
      problems.push('it is binary; only text can be sent.');
    }
    this.draft.note('body', problems);
    const isFields = bodyType === 'form' || bodyType === 'multipart';
    return this.draft.variables.reference('body', {
      ...variable,
      ...(isFields && { type: 'dict' }),
    });
  }

  #member(name: string, schema: JsonValue, required: boolean, bodyType: BodyType): string {
    const problems: string[] = [];
    let variable: Omit<Variable, 'name'> = this.schemas.variable(schema, { required }, problems);
    if (bodyType === 'multipart' && this.schemas.isBinary(schema)) {
      variable = fileVariable(required, textAt(this.schemas.merged(schema), 'description'));
    }
    this.draft.note(`body member "${name}"`, problems);
    return this.draft.variables.reference(name, variable);
  }
}
