import { AppError } from '../../appErrors.ts';
import type { Log } from '../../log.ts';
import type { Change } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

/** A write that was checked against the present state. */
export interface WritePlan {
  /** Empty: nothing changes. */
  changes: Change[];
  /** Secrets to keep, by name. */
  secrets: Record<string, string>;
  /** Names of secrets that nothing refers to afterwards. */
  obsoleteSecrets: string[];
}

export interface WriteDeps {
  store: Store;
  log: Log;
}

/** Secrets that this write has put into the store already, by name. */
export type WrittenSecrets = ReadonlyMap<string, string>;

/**
 * Carries out a plan: new secrets first, then the commit, then old secrets go, so that a crash leaves
 * at most an unused secret. While secrets are written others may write too, so the plan is made again
 * afterwards, until nothing has to be awaited between it and its commit.
 * @param onVisible called as soon as the changes can be seen, before they are durable, and again
 *   where they were taken back
 * @throws what `makePlan` throws, AppError `locked`, StoreError
 */
export async function writePlanned<Plan extends WritePlan>(
  { store, log }: WriteDeps,
  makePlan: (written: WrittenSecrets) => Plan,
  onVisible: () => void = () => undefined,
): Promise<Plan> {
  const written = new Map<string, string>();
  let plan = makePlan(written);
  for (let missing = missingSecrets(store, plan, written); missing.length > 0; ) {
    await store.secrets.update(Object.fromEntries(missing));
    for (const [name, value] of missing) written.set(name, value);
    plan = makePlan(written);
    missing = missingSecrets(store, plan, written);
  }
  if (plan.changes.length > 0) {
    const committed = store.commit(plan.changes);
    onVisible();
    try {
      await committed;
    } catch (error) {
      onVisible();
      throw error;
    }
  }
  await removeSecrets(store, log, plan.obsoleteSecrets);
  return plan;
}

/** @throws AppError `locked` where the plan needs the secret store and that is locked */
function missingSecrets(
  store: Store,
  { secrets, obsoleteSecrets }: WritePlan,
  written: WrittenSecrets,
): [string, string][] {
  const missing = Object.entries(secrets).filter(([name, value]) => written.get(name) !== value);
  const first = missing[0]?.[0] ?? obsoleteSecrets[0];
  if (first !== undefined && store.secrets.locked) {
    const message = 'The secrets are locked until VS Code hands over their key; open VS Code';
    throw new AppError('locked', message, first);
  }
  return missing;
}

/** Failing to forget is no reason to fail a write that is done. */
async function removeSecrets(store: Store, log: Log, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  try {
    await store.secrets.update(Object.fromEntries(names.map((name) => [name, null])));
  } catch (error) {
    log.warning('secrets that are no longer used could not be removed', { error });
  }
}
