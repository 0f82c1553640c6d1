import { type Variable, variableTypeSchema } from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import { memberOf, objectsAt, textAt } from '../documentReader.ts';
import { UniqueNames } from '../importNames.ts';
import { acceptedTemplate } from './acceptedTemplate.ts';

/** Reads what prompts and tools of a foreign file have in common; says what is changed about them. */
export class ItemReader {
  /** Prompts and tools are listed together, and tools also as prompts. */
  readonly #names = new UniqueNames();

  constructor(private readonly notes: string[]) {}

  /** A legal name of its own. @param kind for messages, e.g. `Prompt` */
  name(item: JsonObject, kind: string): string {
    const given = textAt(item, 'name') ?? kind.toLowerCase();
    const name = this.#names.tool(given);
    if (name !== given) {
      this.notes.push(
        `${kind} "${given}" is called "${name}" here; references to it keep the old name.`,
      );
    }
    return name;
  }

  variables(item: JsonObject, place: string): Variable[] {
    const names = new UniqueNames();
    return objectsAt(item, 'variables').map((entry) => {
      const given = textAt(entry, 'name') ?? '';
      const name = names.variable(given);
      if (name !== given) this.notes.push(`${place}: the variable "${given}" is called "${name}".`);
      const type = variableTypeSchema.safeParse(entry.type);
      const description = textAt(entry, 'description');
      const fallback = memberOf(entry, 'default') ?? memberOf(entry, 'default_value');
      return {
        name,
        type: type.success ? type.data : 'str',
        required: entry.required === true,
        ...(description !== undefined && description !== '' && { description }),
        ...(fallback !== undefined &&
          fallback !== null &&
          fallback !== '' && { default: fallback }),
      };
    });
  }

  /** A text as a template of vMCP; what is of Jinja only is told, and stays as text. */
  template(text: string, place: string): string {
    const { text: accepted, notes } = acceptedTemplate(text);
    this.notes.push(...notes.map((note) => `${place}, ${note}`));
    return accepted;
  }

  /** The same for all strings in a value. */
  templates(value: JsonValue, place: string): JsonValue {
    if (typeof value === 'string') return this.template(value, place);
    if (Array.isArray(value)) return value.map((item) => this.templates(item, place));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item = null]) => [name, this.templates(item, place)]),
    );
  }
}
