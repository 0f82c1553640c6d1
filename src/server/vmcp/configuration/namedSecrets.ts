import type { NamedSecret } from '../../../contract/namedSecrets.ts';
import { AppError, NotFoundError } from '../../appErrors.ts';
import type { EventBus } from '../../events.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { Store } from '../../store/store.ts';
import { secretsNamedIn } from '../../upstream/configVariables.ts';

/** The secrets that configurations of servers name as `${secret:NAME}`. */
export class NamedSecrets {
  constructor(
    private readonly store: Pick<Store, 'collections' | 'secrets'>,
    private readonly events: EventBus,
  ) {}

  list(): NamedSecret[] {
    const prefix = secretNames.named('');
    const names = this.store.secrets.names(prefix).map((name) => name.slice(prefix.length));
    return names.sort().map((name) => ({ name, used_by: this.#usersOf(name) }));
  }

  /** Connections of the servers that use it are opened anew. @throws AppError `locked` */
  async set(name: string, value: string): Promise<NamedSecret> {
    await this.#write(name, value);
    return { name, used_by: this.#usersOf(name) };
  }

  /** Servers that use it say what is missing. @throws NotFoundError, AppError `locked` */
  async delete(name: string): Promise<void> {
    const stored = secretNames.named(name);
    if (!this.store.secrets.names(stored).includes(stored)) {
      throw new NotFoundError(`There is no secret "${name}"`, name);
    }
    await this.#write(name, null);
  }

  async #write(name: string, value: string | null): Promise<void> {
    const { secrets } = this.store;
    if (secrets.locked) {
      const message = 'The secrets are locked until VS Code hands over their key; open VS Code';
      throw new AppError('locked', message, name);
    }
    await secrets.update({ [secretNames.named(name)]: value });
    // First of all, so that the new value is hidden wherever it turns up.
    this.events.publish({ type: 'secrets.changed' });
    for (const server_id of this.#usersOf(name)) {
      this.events.publish({ type: 'server.changed', server_id });
    }
  }

  #usersOf(name: string): string[] {
    const { collections, secrets } = this.store;
    if (secrets.locked) return [];
    const users = [...collections.servers.all()].filter((record) =>
      secretsNamedIn(record, secrets).has(name),
    );
    return users.map(({ server_id }) => server_id);
  }
}
