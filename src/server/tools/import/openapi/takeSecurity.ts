import { isJsonObject, type JsonObject } from '../../../../contract/json.ts';
import { listAt, objectAt, textAt } from '../documentReader.ts';
import type { ImportConfig } from '../importConfig.ts';
import type { OpenApiDocument } from './openApiDocument.ts';
import type { ToolDraft } from './toolDraft.ts';

/**
 * Takes over what an operation wants as credentials: the first alternative that vMCP can send. They
 * are references to secrets of the configuration.
 */
export function takeSecurity(
  draft: ToolDraft,
  operation: JsonObject,
  document: OpenApiDocument,
  config: ImportConfig,
): void {
  const holder = operation.security === undefined ? document.root : operation;
  const alternatives = listAt(holder, 'security').filter(isJsonObject).map(Object.keys);
  if (alternatives.length === 0) return;
  if (alternatives.some((names) => names.length === 0)) {
    draft.notes.push('It can be used without credentials, and is.');
    return;
  }
  const schemes = objectAt(objectAt(document.root, 'components'), 'securitySchemes');
  const known = alternatives.map((names) =>
    names.map((name) => ({ name, scheme: document.resolve(schemes?.[name]) })),
  );
  const chosen = known.find((all) => all.every(({ scheme }) => isSendable(scheme)));
  if (!chosen) {
    const names = alternatives.map((all) => all.join(' and ')).join(' or ');
    draft.notes.push(
      `Its credentials (${names}) are of a kind that is not supported; none are sent.`,
    );
    return;
  }
  for (const { name, scheme } of chosen) if (scheme) takeScheme(draft, name, scheme, config);
}

function isSendable(scheme: JsonObject | undefined): boolean {
  const type = textAt(scheme, 'type');
  if (type === 'http') return /^(bearer|basic)$/i.test(textAt(scheme, 'scheme') ?? '');
  return type === 'apiKey' || type === 'oauth2' || type === 'openIdConnect';
}

function takeScheme(
  draft: ToolDraft,
  name: string,
  scheme: JsonObject,
  config: ImportConfig,
): void {
  const description = textAt(scheme, 'description') ?? '';
  const secret = (what: string) => {
    const key = name.toLowerCase().includes(what) ? name : `${name}_${what}`;
    return config.secret({
      name: key,
      description: description || `${what} for “${name}”`,
      identity: `${name} ${what}`,
    });
  };
  const type = textAt(scheme, 'type');
  if (type === 'apiKey') {
    takeApiKey(draft, scheme, secret('key'));
    return;
  }
  if (type === 'http' && /^basic$/i.test(textAt(scheme, 'scheme') ?? '')) {
    if (draft.auth.type !== 'none') draft.notes.push(`The credentials “${name}” are left out.`);
    else draft.auth = { type: 'basic', username: secret('username'), password: secret('password') };
    return;
  }
  if (type !== 'http') {
    draft.notes.push('It wants a token by OAuth: enter one, vMCP does not fetch it.');
  }
  const token = secret('token');
  if (draft.auth.type === 'none') draft.auth = { type: 'bearer', token };
  else draft.headers.set('Authorization', `Bearer ${token}`);
}

function takeApiKey(draft: ToolDraft, scheme: JsonObject, key: string): void {
  const name = textAt(scheme, 'name') ?? 'X-API-Key';
  const place = textAt(scheme, 'in');
  if (place === 'cookie') draft.cookies.set(name, key);
  else if (draft.auth.type === 'none') {
    draft.auth = { type: 'api_key', key, name, in: place === 'query' ? 'query' : 'header' };
  } else if (place === 'query') draft.query.set(name, key);
  else draft.headers.set(name, key);
}
