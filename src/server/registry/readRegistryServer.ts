import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { plainText, webAddress } from './plainText.ts';
import { readPackage } from './readPackage.ts';
import { readRemote } from './readRemote.ts';
import type { RegistryEntry, RegistryEntryOption } from './recipe.ts';

/** More ways to have one server are not shown. */
const mostOptions = 20;

const officialMeta = 'io.modelcontextprotocol.registry/official';

/**
 * One server of a page of the registry, as far as it can be used; unknown members are ignored.
 * @returns undefined for what is deleted, outdated, has no name, or offers nothing that can be run
 */
export function readRegistryServer(item: unknown): RegistryEntry | undefined {
  if (!isJsonObject(item)) return undefined;
  const server = isJsonObject(item.server) ? item.server : item;
  const name = plainText(server.name, 200);
  if (name === '' || name !== server.name || !isCurrent(item, server)) return undefined;
  const options = readOptions(server);
  if (options.length === 0) return undefined;
  const repository = isJsonObject(server.repository) ? server.repository.url : undefined;
  return {
    registry_id: name,
    title: plainText(server.title, 100) || name,
    description: plainText(server.description, 500),
    source: 'registry',
    category: '',
    version: plainText(server.version, 50),
    website: webAddress(server.websiteUrl),
    repository: webAddress(repository),
    requires_auth: null,
    options,
  };
}

function isCurrent(item: JsonObject, server: JsonObject): boolean {
  const meta = isJsonObject(item._meta) ? item._meta[officialMeta] : undefined;
  const official = isJsonObject(meta) ? meta : {};
  const status = official.status ?? server.status;
  return official.isLatest !== false && status !== 'deleted';
}

function readOptions(server: JsonObject): RegistryEntryOption[] {
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isJsonObject) : []);
  const options = [
    ...list(server.remotes).map(readRemote),
    ...list(server.packages).map(readPackage),
  ];
  return options
    .filter((option) => option !== undefined)
    .slice(0, mostOptions)
    .map((option, index) => ({ ...option, option_id: String(index) }));
}
