import { upgrade } from '@scalar/openapi-upgrader';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import { InvalidError } from '../../../appErrors.ts';
import { valueAt } from '../../http/jsonPointer.ts';
import { textAt } from '../documentReader.ts';

/** References in a chain; a longer one leads in a circle. */
const maxHops = 50;

/** An OpenAPI document, read as version 3.1 whatever it was written in. */
export class OpenApiDocument {
  private constructor(readonly root: JsonObject) {}

  /** @throws InvalidError for what is no OpenAPI document */
  static read(document: JsonObject): OpenApiDocument {
    if (textAt(document, 'openapi') === undefined && textAt(document, 'swagger') === undefined) {
      throw new InvalidError(
        'This is no OpenAPI document: it has neither "openapi" nor "swagger" at its top',
        'text',
      );
    }
    try {
      const upgraded: unknown = upgrade(document, '3.1');
      if (isJsonObject(upgraded)) return new OpenApiDocument(upgraded);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvalidError(`The OpenAPI document is not well-formed: ${reason}`, 'text');
    }
    throw new InvalidError('The OpenAPI document is not well-formed', 'text');
  }

  /**
   * What a value stands for, its references within the document followed. Members beside a `$ref`
   * add to what it refers to (OpenAPI 3.1, “Reference Object” and “Schema Object”).
   * @returns undefined where it is no object or its reference leads nowhere
   */
  resolve(value: JsonValue | undefined): JsonObject | undefined {
    let resolved = isJsonObject(value) ? value : undefined;
    for (let hops = 0; resolved && typeof resolved.$ref === 'string'; hops += 1) {
      const target = hops < maxHops ? this.target(resolved.$ref) : undefined;
      if (!isJsonObject(target)) return undefined;
      const { $ref: _, ...beside } = resolved;
      resolved = { ...target, ...beside };
    }
    return resolved;
  }

  /** What a reference refers to; only references within the document are followed. */
  target(reference: string): JsonValue | undefined {
    if (!reference.startsWith('#')) return undefined;
    try {
      return valueAt(this.root, decodeURIComponent(reference.slice(1)));
    } catch {
      return undefined; // it is not percent-encoded as URIs are
    }
  }
}
