import type { RequestAuth } from 'postman-collection';
import type { ConcreteAuth } from '../concrete/concreteRequest.ts';
import { postmanText } from './postmanText.ts';

/** The credentials of a request; `notes` gets what cannot be sent. */
export function readAuth(auth: RequestAuth, notes: string[]): ConcreteAuth | undefined {
  const value = (name: string) => postmanText(auth.parameters().get(name));
  switch (auth.type) {
    case 'noauth':
      return undefined;
    case 'bearer':
      return { type: 'bearer', token: value('token') };
    case 'basic':
      return { type: 'basic', username: value('username'), password: value('password') };
    case 'apikey': {
      const place = value('in') === 'query' ? 'query' : 'header';
      return { type: 'api_key', name: value('key') || 'X-API-Key', key: value('value'), in: place };
    }
    case 'oauth2':
      notes.push('It wants a token by OAuth: enter one, vMCP does not fetch it.');
      return { type: 'bearer', token: value('accessToken') };
    default:
      notes.push(
        `Its credentials are of the kind "${auth.type}", which is not supported; none are sent.`,
      );
      return undefined;
  }
}
