import type { ApiConfig } from '../../../contract/customItems.ts';
import { RequestError } from './requestError.ts';
import type { RequestHeaders } from './requestHeaders.ts';
import { type Rendered, type TemplateBatch, textOf } from './templateBatch.ts';
import { type QueryEntry, queryEntry } from './urlParts.ts';

/** Puts credentials into a request: headers in place, others as the query's new entries. */
export type ApplyAuth = (headers: RequestHeaders, query: readonly QueryEntry[]) => QueryEntry[];

/**
 * The credentials of an HTTP tool. They come last, so that they replace headers and parameters of
 * the same name.
 */
export function prepareAuth(auth: ApiConfig['auth'], batch: TemplateBatch): Rendered<ApplyAuth> {
  switch (auth.type) {
    case 'none':
      return () => keepQuery(() => {});
    case 'bearer': {
      const token = batch.text(auth.token, 'auth.token');
      return () => {
        const value = `Bearer ${credential(textOf(token()), 'bearer token')}`;
        return keepQuery((headers) => headers.set('Authorization', value, true));
      };
    }
    case 'basic': {
      const [username, password] = [
        batch.text(auth.username, 'auth.username'),
        batch.text(auth.password, 'auth.password'),
      ];
      return () => {
        const pair = `${textOf(username())}:${textOf(password())}`;
        if (pair === ':') credential('', 'user name');
        const value = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
        return keepQuery((headers) => headers.set('Authorization', value, true));
      };
    }
    case 'api_key':
      return prepareApiKey(auth, batch);
    case 'custom': {
      const pending = Object.entries(auth.headers).map(([name, value]) => {
        return [name, batch.text(value, `auth.headers.${name}`)] as const;
      });
      return () => {
        const values = pending.map(([name, value]) => {
          return [name, credential(textOf(value()), `header "${name}"`)] as const;
        });
        return keepQuery((headers) => {
          for (const [name, value] of values) headers.set(name, value, true);
        });
      };
    }
  }
}

function prepareApiKey(
  auth: Extract<ApiConfig['auth'], { type: 'api_key' }>,
  batch: TemplateBatch,
): Rendered<ApplyAuth> {
  const key = batch.text(auth.key, 'auth.key');
  return () => {
    const value = credential(textOf(key()), 'API key');
    if (auth.in === 'header') return keepQuery((headers) => headers.set(auth.name, value, true));
    const replaced = encodeURIComponent(auth.name);
    return (_headers, query) => [
      ...query.filter(({ name: [first] }) => {
        const name = first && ('raw' in first ? first.raw : encodeURIComponent(first.value));
        return name !== replaced;
      }),
      queryEntry(auth.name, value, true),
    ];
  };
}

function keepQuery(apply: (headers: RequestHeaders) => void): ApplyAuth {
  return (headers, query) => {
    apply(headers);
    return [...query];
  };
}

function credential(value: string, what: string): string {
  if (value === '') throw new RequestError(`The ${what} of the tool's auth is empty`);
  return value;
}
