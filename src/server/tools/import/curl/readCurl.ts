import { parseArgs } from 'node:util';
import type { ApiConfig } from '../../../../contract/customItems.ts';
import type { ConcreteRequest, Field } from '../concrete/concreteRequest.ts';
import { hasMark } from '../concrete/marks.ts';
import { parseFields, splitAddress } from '../concrete/splitAddress.ts';
import { CurlData } from './curlData.ts';
import { curlOptions, isHarmless } from './curlOptions.ts';

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What a curl command sends: one request for each of its URLs, or why there is none. */
export interface CurlCommand {
  requests: ConcreteRequest[];
  skipped?: string;
  notes: string[];
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** Reads the words after `curl`; each `--next` begins another command. */
export function readCurl(words: readonly string[]): CurlCommand[] {
  const { tokens = [] } = parseArgs({
    ...{ args: [...words], options: curlOptions, strict: false, tokens: true },
  });
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'next') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.map((part) => new CurlReader().read(part));
}

class CurlReader {
  readonly #data = new CurlData();
  readonly #urls: string[] = [];
  readonly #headers: Field[] = [];
  readonly #query: Field[] = [];
  readonly #cookies: Field[] = [];
  readonly #notes: string[] = [];
  #method: string | undefined;
  #isGet = false;
  #isHead = false;
  #auth: ConcreteRequest['auth'];
  #timeout: number | undefined;

  read(tokens: readonly Token[]): CurlCommand {
    for (const token of tokens) {
      if (token.kind === 'positional') this.#urls.push(token.value);
      else if (token.kind === 'option') this.#apply(token.name, token.value ?? '', token.rawName);
    }
    const method = (this.#method ?? this.#usualMethod()).toUpperCase();
    const notes = [...this.#notes, ...this.#data.notes];
    if (!methods.includes(method))
      return { requests: [], notes, skipped: `${method} is not supported` };
    if (this.#urls.length === 0) return { requests: [], notes, skipped: 'It has no URL' };
    const requests = this.#urls.map((url) =>
      this.#request(url, method as ApiConfig['method'], notes),
    );
    return { requests, notes };
  }

  #apply(option: string, value: string, written: string): void {
    switch (option) {
      case 'request':
        this.#method = value;
        break;
      case 'get':
        this.#isGet = true;
        break;
      case 'head':
        this.#isHead = true;
        break;
      case 'url':
        this.#urls.push(value);
        break;
      case 'url-query':
        this.#query.push(...parseFields(value.replace(/^\+/, '')));
        break;
      case 'max-time':
        this.#timeout = Math.min(600, Math.max(1, Math.ceil(Number(value)) || 30));
        break;
      case 'oauth2-bearer':
        this.#auth = { type: 'bearer', token: value };
        break;
      case 'user': {
        const [username = '', ...password] = value.split(':');
        this.#auth = { type: 'basic', username, password: password.join(':') };
        break;
      }
      default:
        if (this.#applyHeader(option, value) || this.#data.add(option, value)) return;
        if (isHarmless(option)) return;
        this.#notes.push(`${written} is left out${value === '' ? '' : ', with its value'}.`);
    }
  }

  /** False for an option that is not about headers. */
  #applyHeader(option: string, value: string): boolean {
    switch (option) {
      case 'header':
        this.#takeHeader(value);
        return true;
      case 'user-agent':
        this.#headers.push({ name: 'User-Agent', value });
        return true;
      case 'referer':
        this.#headers.push({ name: 'Referer', value: value.replace(/;auto$/, '') });
        return true;
      case 'range':
        this.#headers.push({ name: 'Range', value: `bytes=${value}` });
        return true;
      case 'cookie':
        this.#takeCookies(value);
        return true;
      default:
        return false;
    }
  }

  /** `Name: value`; `Name;` is an empty one, and `Name:` takes one of curl's own away. */
  #takeHeader(text: string): void {
    const [, name = '', value = ''] = /^([^:;]+)[:;]\s*([\s\S]*)$/.exec(text) ?? [];
    if (name === '') this.#notes.push('A header is left out: it is not of the form "Name: value".');
    else if (value !== '' || text.trimEnd().endsWith(';')) {
      this.#headers.push({ name: name.trim(), value: value.trim() });
    }
  }

  #takeCookies(text: string): void {
    if (!text.includes('=')) {
      this.#notes.push('The file with cookies is left out.');
      return;
    }
    for (const pair of text.split(';')) {
      const [name = '', ...value] = pair.trim().split('=');
      if (name !== '') this.#cookies.push({ name, value: value.join('=') });
    }
  }

  #usualMethod(): string {
    if (this.#isHead) return 'HEAD';
    return this.#data.isEmpty || this.#isGet ? 'GET' : 'POST';
  }

  #request(url: string, method: ApiConfig['method'], notes: readonly string[]): ConcreteRequest {
    const hasScheme = /^[^/?#]*:\/\//.test(url) || hasMark(url.charAt(0));
    const { address, query } = splitAddress(hasScheme ? url : `http://${url}`);
    const contentType = this.#headers.find(({ name }) => /^content-type$/i.test(name))?.value;
    const own = [...notes];
    const body = this.#isGet ? undefined : this.#data.body(contentType, own);
    return {
      name: '',
      description: '',
      method,
      address,
      pathVariables: [],
      query: [...query, ...this.#query, ...(this.#isGet ? this.#data.fields() : [])],
      headers: [...this.#data.headers(this.#headers), ...this.#headers],
      cookies: this.#cookies,
      body,
      auth: this.#auth,
      ...(this.#timeout !== undefined && { timeout_s: this.#timeout }),
      notes: own,
    };
  }
}
