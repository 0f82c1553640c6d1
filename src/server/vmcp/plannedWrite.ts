import { AppError } from '../appErrors.ts';
import type { Log } from '../log.ts';
import type { Change } from '../store/records.ts';
import type { Store } from '../store/store.ts';

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

/**
 * Carries out a plan: new secrets first, then the commit, then old secrets go, so that a crash leaves
 * at most an unused secret. While secrets are written others may write too; the plan is then made
 * again, until it matches the state at the moment of its commit.
 * @param onVisible called as soon as the changes can be seen, before they are durable
 * @throws what `makePlan` throws, AppError `locked`, StoreError
 */
export async function writePlanned<Plan extends WritePlan>(
  { store, log }: WriteDeps,
  makePlan: () => Plan,
  onVisible: (plan: Plan) => void = () => undefined,
): Promise<Plan> {
  const plan = await withSecretsWritten(store, makePlan);
  if (plan.changes.length > 0) {
    const committed = store.commit(plan.changes);
    onVisible(plan);
    try {
      await committed;
    } catch (error) {
      onVisible(plan);
      throw error;
    }
  }
  const obsolete = plan.obsoleteSecrets.map((name): [string, null] => [name, null]);
  if (obsolete.length > 0) {
    await store.secrets.update(Object.fromEntries(obsolete)).catch((error: unknown) => {
      log.warning('secrets that are no longer used could not be removed', { error });
    });
  }
  return plan;
}

/** A plan all of whose secrets are kept, made in the same turn in which the caller commits it. */
async function withSecretsWritten<Plan extends WritePlan>(
  store: Store,
  makePlan: () => Plan,
): Promise<Plan> {
  const written = new Map<string, string>();
  for (;;) {
    const plan = makePlan();
    const missing = Object.entries(plan.secrets).filter(([name, value]) => {
      return written.get(name) !== value;
    });
    const first = missing[0]?.[0] ?? plan.obsoleteSecrets[0];
    if (first !== undefined && store.secrets.locked) {
      const message = 'The secrets are locked until VS Code hands over their key; open VS Code';
      throw new AppError('locked', message, first);
    }
    if (missing.length === 0) return plan;
    await store.secrets.update(Object.fromEntries(missing));
    for (const [name, value] of missing) written.set(name, value);
  }
}
