import { strict as assert } from 'node:assert';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonValue } from '../../src/contract/json.ts';
import { Rest, type RestAnswer } from './rest.ts';

interface Operation {
  responses: Record<string, unknown>;
}

/** REST calls whose answers are held against the server's own OpenAPI document. */
export class CheckedRest extends Rest {
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor(
    baseUrl: string,
    token: string | undefined,
    private readonly paths: Record<string, Record<string, Operation>>,
  ) {
    super(baseUrl, token);
  }

  static async open(baseUrl: string, token?: string): Promise<CheckedRest> {
    const document = await new Rest(baseUrl, token).ok('GET', '/api/openapi.json');
    const rest = new CheckedRest(baseUrl, token, document.paths);
    rest.#ajv.addSchema(document, 'openapi');
    return rest;
  }

  override async send(
    method: string,
    path: string,
    body?: JsonValue | object,
  ): Promise<RestAnswer> {
    const answer = await super.send(method, path, body);
    this.check(method, path, answer.status, answer.body);
    return answer;
  }

  /** @throws AssertionError where an answer is not as the document says */
  check(method: string, path: string, status: number, body: unknown): void {
    const what = `${method} ${path} → ${status}`;
    const place = this.#placeOf(method.toLowerCase(), path.split('?')[0] ?? '', status);
    const pointer = place ?? 'openapi#/components/schemas/Error'; // addresses that do not exist
    const validate = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: pointer });
    this.#validators.set(pointer, validate);
    assert.ok(
      validate(body),
      `${what} is not as documented: ${this.#ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`,
    );
  }

  /** Where the schema of an answer stands in the document. */
  #placeOf(method: string, path: string, status: number): string | undefined {
    const template = Object.keys(this.paths)
      .sort((a, b) => a.split('{').length - b.split('{').length) // fixed paths before patterns
      .find((each) => new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}/?$`).test(path));
    const operation = template === undefined ? undefined : this.paths[template]?.[method];
    if (template === undefined || !operation) return undefined;
    assert.ok(operation.responses[status], `${method} ${path} may not answer ${status}`);
    const steps = ['paths', template, method, 'responses', String(status), 'content'];
    const pointer = [...steps, 'application/json', 'schema'].map(escapeStep).join('/');
    return `openapi#/${pointer}`;
  }
}

function escapeStep(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
