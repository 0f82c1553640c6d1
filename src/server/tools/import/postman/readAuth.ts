import type { JsonObject } from '../../../../contract/json.ts';
import type { ConcreteAuth } from '../concrete/concreteRequest.ts';
import { memberOf, objectAt, objectsAt, textAt } from '../documentReader.ts';
import { postmanText } from './postmanText.ts';

/** The credentials of a request, folder or collection; `notes` gets what cannot be sent. */
export function readAuth(auth: JsonObject, notes: string[]): ConcreteAuth | undefined {
  const type = textAt(auth, 'type') ?? 'noauth';
  const value = (name: string) => postmanText(parameterOf(auth, type, name));
  switch (type) {
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
        `Its credentials are of the kind "${type}", which is not supported; none are sent.`,
      );
      return undefined;
  }
}

/** In version 2.1 a list of `key`, `value`; in 2.0 an object. */
function parameterOf(auth: JsonObject, type: string, name: string) {
  const entry = objectsAt(auth, type).find(({ key }) => key === name);
  return entry ? entry.value : memberOf(objectAt(auth, type), name);
}
