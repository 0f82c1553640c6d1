import type { ConcreteBody, Field } from '../concrete/concreteRequest.ts';
import { mark } from '../concrete/marks.ts';
import { parseMarkedJson } from '../concrete/parseMarkedJson.ts';
import { parseFields } from '../concrete/splitAddress.ts';

/** Text as it is, or a name and value that are encoded. */
type Part = { text: string } | Field;

/** What the data options of one curl command send. */
export class CurlData {
  readonly notes: string[] = [];
  readonly #parts: Part[] = [];
  readonly #form: (Field & { isFile?: boolean })[] = [];
  #json = '';

  get isEmpty(): boolean {
    return this.#parts.length === 0 && this.#form.length === 0 && this.#json === '';
  }

  /** Takes what an option sends; false for an option that is not about data. */
  add(option: string, value: string): boolean {
    switch (option) {
      case 'data':
      case 'data-ascii':
      case 'data-binary':
        this.#parts.push({ text: this.#orFile(value) });
        return true;
      case 'data-raw':
        this.#parts.push({ text: value });
        return true;
      case 'data-urlencode':
        this.#parts.push(this.#urlencoded(value));
        return true;
      case 'json':
        this.#json += this.#orFile(value);
        return true;
      case 'form':
        this.#addForm(value);
        return true;
      case 'form-string': {
        const [name = '', ...rest] = value.split('=');
        this.#form.push({ name, value: rest.join('=') });
        return true;
      }
      default:
        return false;
    }
  }

  /** Headers that the options imply and the command does not set. */
  headers(set: readonly Field[]): Field[] {
    const isSet = (wanted: string) => set.some(({ name }) => name.toLowerCase() === wanted);
    return this.#json !== '' && !isSet('accept')
      ? [{ name: 'Accept', value: 'application/json' }]
      : [];
  }

  /** As names and values, which `--get` puts into the query. */
  fields(): Field[] {
    return this.#parts.flatMap((part) => ('text' in part ? parseFields(part.text) : [part]));
  }

  /** The body; `notes` gets what is understood differently from curl. */
  body(contentType: string | undefined, notes: string[]): ConcreteBody | undefined {
    if (this.#form.length > 0) return { type: 'multipart', fields: this.#form };
    const text = this.#json || this.#parts.map(writtenPart).join('&');
    if (text === '') return undefined;
    const isJson = this.#json !== '' || /\bjson\b/i.test(contentType ?? '');
    const value = isJson || contentType === undefined ? parseMarkedJson(text) : undefined;
    if (value !== undefined) {
      if (!isJson) notes.push('The body is sent as JSON; curl would say that it is a form.');
      return { type: 'json', value };
    }
    const isForm = contentType === undefined || /urlencoded/i.test(contentType);
    const hasNames = this.#parts.every((part) => !('text' in part) || part.text.includes('='));
    if (isForm && !isJson && hasNames) return { type: 'form', fields: this.fields() };
    const usual = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
    return { type: 'text', text, contentType: contentType ?? usual };
  }

  /** `@file`: its content is an argument. */
  #orFile(value: string): string {
    if (!value.startsWith('@')) return value;
    this.notes.push(`The content of the file "${value.slice(1)}" is an argument.`);
    return mark('body');
  }

  /** `content`, `=content`, `name=content`, `@file`, `name@file` (curl's manual). */
  #urlencoded(value: string): Part {
    const [, name = '', sign = '', content = ''] = /^([^=@]*)([=@])([\s\S]*)$/.exec(value) ?? [];
    if (sign === '') return { text: encodeURIComponent(value) };
    if (sign === '@') return { name, value: this.#orFile(`@${content}`) };
    return name === '' ? { text: encodeURIComponent(content) } : { name, value: content };
  }

  #addForm(text: string): void {
    const [name = '', ...rest] = text.split('=');
    const value = rest.join('=');
    if (value.startsWith('@')) this.#form.push({ name, value: '', isFile: true });
    else if (value.startsWith('<')) this.#form.push({ name, value: mark(name) });
    else this.#form.push({ name, value: value.replace(/;(type|filename|headers)=[^;]*$/i, '') });
  }
}

function writtenPart(part: Part): string {
  return 'text' in part ? part.text : `${encodeURIComponent(part.name)}=${part.value}`;
}
