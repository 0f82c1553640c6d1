import { secretMask } from '../../../contract/secretMask.ts';
import { InvalidError } from '../../appErrors.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import type { WrittenSecrets } from './plannedWrite.ts';

/** A field whose value is kept in the secret store. */
export interface SecretSlot {
  /** In the secret store. */
  name: string;
  /** In the body, for errors. */
  path: string;
  /** What the body holds; the mask leaves the secret as it is. */
  value: string;
  /** What to do where the mask stands for nothing. */
  remedy?: string;
}

/**
 * What has to be written so that the store holds the slots' values and nothing else of the owner.
 * @param before names of the owner's slots until now; their masks are taken even where the value was
 *   never given (an import) or lost, so that an answer can always be sent back as it is
 * @param prefix of all secrets of the owner
 * @param written by this write: changes, though the store holds them by now
 * @throws InvalidError a mask where no secret is
 */
export function planSecrets(
  secrets: SecretStore,
  slots: readonly SecretSlot[],
  before: ReadonlySet<string>,
  prefix: string,
  written: WrittenSecrets,
): { secrets: Record<string, string>; obsoleteSecrets: string[] } {
  const stored = new Set(secrets.names(prefix));
  const changes: [string, string][] = [];
  for (const { name, path, value, remedy } of slots) {
    if (value !== secretMask) {
      const same =
        !written.has(name) && stored.has(name) && !secrets.locked && secrets.get(name) === value;
      if (!same) changes.push([name, value]);
    } else if (!stored.has(name) && !before.has(name)) {
      const message = 'The mask stands for a stored secret, and there is none yet';
      throw new InvalidError(remedy === undefined ? message : `${message}: ${remedy}`, path);
    }
  }
  const used = new Set(slots.map(({ name }) => name));
  return {
    secrets: Object.fromEntries(changes),
    obsoleteSecrets: [...stored].filter((name) => !used.has(name)),
  };
}
