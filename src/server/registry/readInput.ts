import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { Question } from '../../contract/serverImport.ts';
import { plainText } from './plainText.ts';
import type { RecipePart } from './recipe.ts';

/** Longer values of a foreign description are not used. */
const mostCharacters = 4000;

/** A description that would have to be used in a way that is not safe or not known. */
export class UnusableOption extends Error {}

/** Collects what one option asks for while its parts are read. */
export class InputReader {
  readonly #questions = new Map<string, Question>();

  get questions(): Question[] {
    return [...this.#questions.values()];
  }

  /**
   * Reads one input: a fixed value, a value with variables in braces, or one that the user gives.
   * @param id under which the user is asked
   * @param label how it is called for the user
   * @throws UnusableOption
   */
  part(input: JsonObject, id: string, label: string, name?: string): RecipePart {
    const required = input.isRequired === true;
    const named = name === undefined ? {} : { name };
    if (typeof input.value === 'string') {
      const value = literal(input.value);
      const asks = this.#variables(value, input.variables, required);
      return { ...named, value, asks, optional: !required };
    }
    this.#ask(id, label, input, required);
    return { ...named, value: `{${id}}`, asks: [id], optional: !required };
  }

  /** The variables of a text that are described; other braces stand for themselves. */
  variablesOf(value: string, variables: unknown): string[] {
    return this.#variables(literal(value), variables, true);
  }

  #variables(value: string, variables: unknown, required: boolean): string[] {
    if (!isJsonObject(variables)) return [];
    const asks: string[] = [];
    for (const [, id = ''] of value.matchAll(/\{([^{}]+)\}/g)) {
      const input = Object.hasOwn(variables, id) ? variables[id] : undefined;
      if (!isJsonObject(input)) continue;
      this.#ask(id, id, input, required || input.isRequired === true);
      asks.push(id);
    }
    return asks;
  }

  #ask(id: string, label: string, input: JsonObject, required: boolean): void {
    if (this.#questions.size >= 50) throw new UnusableOption('It asks for too much.');
    const text = (member: string) =>
      typeof input[member] === 'string' ? literal(input[member]) : undefined;
    const choices = Array.isArray(input.choices)
      ? input.choices.filter((choice) => typeof choice === 'string').map(literal)
      : [];
    const fallback = text('value') ?? text('default');
    const placeholder = plainText(input.placeholder, 200);
    this.#questions.set(id, {
      id,
      label: plainText(label, 100),
      description: plainText(input.description, 500),
      required,
      secret: input.isSecret === true,
      ...(fallback !== undefined && { default: fallback }),
      ...(placeholder !== '' && { placeholder }),
      ...(choices.length > 0 && { choices }),
    });
  }
}

/**
 * A fixed text of a foreign description. `${…}` would be replaced by variables of this machine, and
 * so carry them to wherever the description says.
 */
export function literal(text: string): string {
  if (text.includes('${')) throw new UnusableOption('It refers to variables of this machine.');
  if (text.length > mostCharacters || text.includes('\0')) throw new UnusableOption('Too long.');
  return text;
}
