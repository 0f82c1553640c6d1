import {
  type AddRegistryServer,
  defaultRegistryUrl,
  type RegistryDetails,
  type RegistryPage,
  type RegistryQuery,
  type RegistryServer,
} from '../../contract/registry.ts';
import type { McpServer } from '../../contract/servers.ts';
import { InvalidError, NotFoundError } from '../appErrors.ts';
import type { CurrentEnvironment } from '../clients/clientFiles.ts';
import { findMissingProgram } from '../clients/findProgram.ts';
import { legalName } from '../clients/read/legalName.ts';
import type { Requester } from '../consent/consents.ts';
import type { Log } from '../log.ts';
import type { Servers } from '../vmcp/configuration/servers.ts';
import { freeName, lowerNames } from '../vmcp/configuration/uniqueName.ts';
import { Directory } from './directory.ts';
import { followRecipe } from './followRecipe.ts';
import { knownServers } from './knownServers.ts';
import type { RegistryEntry, RegistryEntryOption } from './recipe.ts';
import type { RegistryCopies } from './registryCopy.ts';
import { RegistryMirror } from './registryMirror.ts';

export interface RegistryDependencies {
  servers: Pick<Servers, 'list' | 'create'>;
  copies: RegistryCopies;
  environment: CurrentEnvironment;
  log: Log;
  /** Undefined: the official one. */
  url: string | undefined;
}

/** Servers that can be added: those that vMCP knows itself, and those of a registry. */
export class Registry {
  #knownOnce: Directory | undefined;
  #mirror: RegistryMirror;

  constructor(private readonly dependencies: RegistryDependencies) {
    this.#mirror = this.#mirrorOf(dependencies.url ?? defaultRegistryUrl);
  }

  /** Those of vMCP itself, read when they are first looked at. */
  get #known(): Directory {
    if (this.#knownOnce === undefined) {
      this.#knownOnce = new Directory();
      this.#knownOnce.add(knownServers());
    }
    return this.#knownOnce;
  }

  /** Another address; what the one before is doing ends. */
  async setUrl(url: string): Promise<void> {
    if (url === this.#mirror.url) return;
    const before = this.#mirror;
    this.#mirror = this.#mirrorOf(url);
    await before.close();
  }

  async search({
    search,
    category,
    page,
    page_size,
    refresh,
  }: RegistryQuery): Promise<RegistryPage> {
    const mirror = this.#mirror;
    const listed = await mirror.look(refresh === 'true');
    const chosen = category === '' ? undefined : category;
    const found = [this.#known, listed].flatMap((each) => each.search(search ?? '', chosen));
    const { state, fetchedAt, problem } = mirror.state;
    return {
      servers: found.slice((page - 1) * page_size, page * page_size).map(shown),
      total: found.length,
      page,
      page_size,
      categories: [...new Set([...this.#known.categories, ...listed.categories])],
      registry: { url: mirror.url, state, fetched_at: fetchedAt, servers: listed.size, problem },
    };
  }

  /** With what is missing on this machine for each option. @throws NotFoundError */
  async details(id: string): Promise<RegistryDetails> {
    const entry = await this.#entry(id);
    const { environment, servers } = this.dependencies;
    const options = await Promise.all(
      entry.options.map(async (option) => {
        const { recipe } = option;
        const missing =
          recipe.type === 'stdio'
            ? await findMissingProgram(recipe.command, environment)
            : undefined;
        return { ...shownOption(option), ...(missing && { missing_program: missing }) };
      }),
    );
    const short = entry.title.includes('/') ? (entry.title.split('/').at(-1) ?? '') : entry.title;
    const name = freeName(legalName(short), lowerNames(servers.list()));
    return { ...shown(entry), options, name };
  }

  /** @throws NotFoundError, InvalidError, ConflictError (name taken) */
  async add(
    id: string,
    { option_id, name, answers }: AddRegistryServer,
    by: Requester,
  ): Promise<McpServer> {
    const entry = await this.#entry(id);
    const option = entry.options.find((each) => each.option_id === option_id);
    if (!option) throw new InvalidError(`“${entry.title}” has no such option`, 'option_id');
    const body = followRecipe(option, name, answers);
    return this.dependencies.servers.create({ ...body, description: entry.description }, by);
  }

  close(): Promise<void> {
    return this.#mirror.close();
  }

  async #entry(id: string): Promise<RegistryEntry> {
    const entry = this.#known.get(id) ?? (await this.#mirror.look(false)).get(id);
    if (entry) return entry;
    throw new NotFoundError('The registry has no such server', id);
  }

  #mirrorOf(url: string): RegistryMirror {
    return new RegistryMirror(url, this.dependencies.copies, this.dependencies.log);
  }
}

function shown(entry: RegistryEntry): RegistryServer {
  return { ...entry, options: entry.options.map(shownOption) };
}

function shownOption({ recipe: _, ...option }: RegistryEntryOption) {
  return option;
}
