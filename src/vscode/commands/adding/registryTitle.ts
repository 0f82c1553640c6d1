import type { RegistryPage } from '../../../contract/registry.ts';
import type { Translate } from '../../translate.ts';

/** Where the list is from, and how old it is. */
export function registryTitle({ registry }: RegistryPage, now: number, t: Translate): string {
  const host = URL.canParse(registry.url) ? new URL(registry.url).host : registry.url;
  const age = registry.fetched_at === null ? undefined : ageText(registry.fetched_at, now, t);
  const parts = [
    t('MCP servers of {0}', host),
    ...(registry.state === 'loading' ? [t('being read')] : []),
    ...(age === undefined ? [] : [t('copied {0}', age)]),
    ...(registry.problem === null ? [] : [registry.problem]),
  ];
  return parts.join(' · ');
}

function ageText(timestamp: string, now: number, t: Translate): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(timestamp)) / 60_000));
  if (minutes < 1) return t('just now');
  if (minutes < 60) return t('{0} min ago', minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('{0} h ago', hours) : t('{0} days ago', Math.floor(hours / 24));
}
