import type { JsonObject, JsonValue } from '../../../../contract/json.ts';
import { memberOf, objectAt, objectsAt, textAt } from '../documentReader.ts';
import type { OpenApiDocument } from './openApiDocument.ts';
import type { SchemaReader } from './schemaReader.ts';
import type { ToolDraft } from './toolDraft.ts';

/** Headers that a parameter cannot set (OpenAPI 3.1, “Parameter Object”). */
const describedElsewhere = new Set(['accept', 'content-type', 'authorization']);
const listSeparators = new Map([
  ['form', ','],
  ['spaceDelimited', ' '],
  ['pipeDelimited', '|'],
]);

/** Takes over the parameters of an operation and of its path; the operation's own count more. */
export function takeParameters(
  draft: ToolDraft,
  operation: JsonObject,
  pathItem: JsonObject,
  { document, schemas }: { document: OpenApiDocument; schemas: SchemaReader },
): void {
  const all = new Map<string, JsonObject>();
  for (const holder of [pathItem, operation]) {
    for (const given of objectsAt(holder, 'parameters')) {
      const parameter = document.resolve(given);
      const [name, place] = [textAt(parameter, 'name'), textAt(parameter, 'in')];
      if (parameter && name !== undefined && place !== undefined) {
        all.set(`${place} ${name}`, parameter);
      } else draft.notes.push(`A parameter is left out: ${describe(given)} leads nowhere.`);
    }
  }
  for (const parameter of all.values()) new ParameterTaker(draft, schemas, parameter).take();
}

/** Takes over one parameter. */
class ParameterTaker {
  readonly #name: string;
  readonly #place: string;
  readonly #schema: JsonValue;

  constructor(
    private readonly draft: ToolDraft,
    private readonly schemas: SchemaReader,
    private readonly parameter: JsonObject,
  ) {
    this.#name = textAt(parameter, 'name') ?? '';
    this.#place = textAt(parameter, 'in') ?? '';
    const [content] = Object.values(objectAt(parameter, 'content') ?? {});
    const described =
      content !== undefined ? memberOf(schemas.merged(content), 'schema') : undefined;
    this.#schema = described ?? memberOf(parameter, 'schema') ?? {};
  }

  take(): void {
    switch (this.#place) {
      case 'path':
        this.draft.path.set(this.#name, this.#variable(this.#name, this.#schema, true));
        break;
      case 'query':
        this.#takeQuery();
        break;
      case 'header':
        if (describedElsewhere.has(this.#name.toLowerCase())) return;
        this.draft.headers.set(this.#name, this.#reference());
        break;
      case 'cookie':
        this.draft.cookies.set(this.#name, this.#reference());
        break;
      default:
        this.draft.notes.push(
          `The parameter "${this.#name}" is left out: its place "${this.#place}" is not known.`,
        );
    }
  }

  #takeQuery(): void {
    const schema = this.schemas.merged(this.#schema) ?? {};
    const style = textAt(this.parameter, 'style') ?? 'form';
    const explode = memberOf(this.parameter, 'explode') ?? style === 'form';
    const properties = this.schemas.properties(schema);
    if (properties && (style === 'deepObject' || (style === 'form' && explode === true))) {
      for (const [name, property] of properties) {
        const wanted = style === 'deepObject' ? `${this.#name}[${name}]` : name;
        this.draft.query.set(wanted, `@param.${this.#variable(wanted, property, false)}`);
      }
      return;
    }
    const separator = listSeparators.get(style);
    if (schema.type === 'array' && explode !== true && separator !== undefined) {
      this.draft.query.set(this.#name, `@param.${this.#separatedList(separator)}`);
      return;
    }
    this.draft.query.set(this.#name, this.#reference());
  }

  /** A list in one value; templates cannot join, so that it is a text for the caller, too. */
  #separatedList(separator: string): string {
    const what = separator === ',' ? 'commas' : `"${separator}"`;
    const description = [
      textAt(this.parameter, 'description'),
      `Several values, with ${what} between.`,
    ];
    return this.draft.variables.add(this.#name, {
      type: 'str',
      required: this.#isRequired,
      description: description.filter(Boolean).join(' '),
    });
  }

  #reference(): string {
    return `@param.${this.#variable(this.#name, this.#schema, this.#isRequired)}`;
  }

  #variable(wanted: string, schema: JsonValue, required: boolean): string {
    const problems: string[] = [];
    const description = wanted === this.#name ? textAt(this.parameter, 'description') : undefined;
    const variable = this.schemas.variable(schema, { required, description }, problems);
    this.draft.note(`${this.#place} parameter "${wanted}"`, problems);
    return this.draft.variables.add(wanted, variable);
  }

  get #isRequired(): boolean {
    return memberOf(this.parameter, 'required') === true;
  }
}

function describe(parameter: JsonObject): string {
  return JSON.stringify(
    textAt(parameter, '$ref') ?? textAt(parameter, 'name') ?? 'one without a name',
  );
}
