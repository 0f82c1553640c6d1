import type { ServerRecord } from '../../contract/servers.ts';
import { secretNames } from '../store/secretNames.ts';
import type { SecretStore } from '../store/secretStore.ts';

/** `${workspaceFolder}`, `${env:NAME}`, `${secret:NAME}` */
const variable = /\$\{(?:workspaceFolder|(env|secret):([^}]+))\}/g;

/** What may stand before a credential without being a part of it. */
const scheme = /^\s*(bearer|basic|token|apikey)\s+/i;

/** What the variables in a text stand for. */
export interface VariableValues {
  workspaceFolder(): string;
  env(name: string): string;
  secret(name: string): string;
}

/** The text with its variables replaced. What is put in is not read again. */
export function replaceVariables(text: string, values: VariableValues): string {
  return text.replace(variable, (_, kind?: 'env' | 'secret', name = '') => {
    return kind === undefined ? values.workspaceFolder() : values[kind](name);
  });
}

/** A credential without the scheme (`Bearer`) before it. */
export function withoutScheme(credential: string): string {
  return credential.replace(scheme, '').trim();
}

/** Whether a credential is but variables, with or without a scheme, so that it tells no secret. */
export function isOnlyVariables(text: string): boolean {
  const rest = withoutScheme(text);
  return rest !== '' && rest.replace(variable, '') === '';
}

/**
 * Names of the secrets that a server's configuration refers to, in values that are secret themselves, too;
 * none of those while the secrets are locked.
 */
export function secretsNamedIn(record: ServerRecord, secrets: SecretStore): Set<string> {
  const stored = secrets.locked ? [] : secrets.names(secretNames.server(record.server_id));
  const texts = [
    JSON.stringify([record.config, record.auth]),
    ...stored.map((name) => secrets.get(name) ?? ''),
  ];
  const names = texts.flatMap((text) =>
    [...text.matchAll(variable)].flatMap(([, kind, name]) => (kind === 'secret' && name) || []),
  );
  return new Set(names);
}
