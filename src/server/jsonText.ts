import type { JsonObject } from '../contract/json.ts';

/** Lets a derived class put private members on an object that is there already. */
class Existing {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what the class is for
    return object;
  }
}

/**
 * The JSON text of an object, kept on the object itself, where nobody else sees it and no copy takes
 * it along: what came as text and goes on unchanged need not be written again.
 */
class Texted extends Existing {
  #text: string;

  constructor(object: JsonObject, text: string) {
    super(object);
    this.#text = text;
  }

  static textOf(object: object): string | undefined {
    return #text in object ? object.#text : undefined;
  }
}

/**
 * Keeps the JSON text of an object, which must not be changed from then on.
 * @param object has none yet
 */
export function keepJsonText(object: JsonObject, text: string): void {
  new Texted(object, text);
}

/** The text that was kept; undefined where none was. */
export function keptJsonText(object: object): string | undefined {
  return Texted.textOf(object);
}

/** The JSON text of an object: the one that was kept, else a new one. */
export function jsonText(object: JsonObject): string {
  return Texted.textOf(object) ?? JSON.stringify(object);
}
