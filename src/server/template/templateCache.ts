import { parseTemplate } from './parseTemplate.ts';
import type { Template } from './template.ts';

const maxTemplates = 1000;
const maxCharacters = 8 * 1024 * 1024;

/** Keeps the templates that were used last, so that a text is parsed once and not once a call. */
export class TemplateCache {
  readonly #templates = new Map<string, Template>();
  #characters = 0;

  /** The parsed text; a function of its own, so that it can be handed on. */
  readonly parse = (text: string): Template => {
    const known = this.#templates.get(text);
    if (known) {
      this.#templates.delete(text); // to the end: used last
      this.#templates.set(text, known);
      return known;
    }
    const template = parseTemplate(text);
    if (isWorthKeeping(template)) this.#keep(text, template);
    return template;
  };

  #keep(text: string, template: Template): void {
    this.#templates.set(text, template);
    this.#characters += text.length;
    for (const oldest of this.#templates.keys()) {
      if (this.#templates.size <= maxTemplates && this.#characters <= maxCharacters) return;
      this.#templates.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}

/** Text without references and tags is parsed as fast as it is found. */
function isWorthKeeping({ pieces }: Template): boolean {
  return pieces.some(({ kind }) => kind !== 'text');
}
