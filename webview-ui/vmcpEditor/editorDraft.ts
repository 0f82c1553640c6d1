import { isJsonObject, type JsonValue } from '../../src/contract/json.ts';
import { isSame, type VmcpForm } from './form.ts';

/** Edits that are not saved. */
export interface Edits {
  /** The vMCP as it was when the editing began. */
  base: VmcpForm;
  form: VmcpForm;
  /** Inputs whose text is no value (yet), by the paths of their fields. */
  texts: Record<string, string>;
}

/** The edits as they are kept over reloads: a secret that was typed becomes empty. */
export function draftOf({ base, form, texts }: Edits): JsonValue {
  const config = Object.entries(form.config).map(([key, value]) => {
    const typed = Object.hasOwn(form.secrets, key) && !isSame(value, base.config[key]);
    return [key, typed ? '' : value];
  });
  const kept = { ...form, config: Object.fromEntries(config) };
  return { base, form: kept, texts } as unknown as JsonValue;
}

/** The edits that a draft holds; undefined where it holds none. It is this page's own. */
export function editsOf(draft: JsonValue): Edits | undefined {
  return isJsonObject(draft) ? (draft as unknown as Edits) : undefined;
}

/** Secrets that have to be typed again: they are not kept over reloads. */
export function emptySecrets({ config, secrets }: VmcpForm): string[] {
  return Object.keys(secrets).filter((key) => Object.hasOwn(config, key) && config[key] === '');
}
