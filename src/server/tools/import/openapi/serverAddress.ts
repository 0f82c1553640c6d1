import type { JsonObject } from '../../../../contract/json.ts';
import { listAt, objectAt, objectsAt, textAt } from '../documentReader.ts';
import type { ImportConfig } from '../importConfig.ts';
import { embedded, escapeUrlText } from '../templateText.ts';

/**
 * The beginning of an operation's URL, as a template: the first server that is given, its variables
 * and an address that the document leaves open taken from the configuration.
 */
export function serverAddress(
  holders: readonly (JsonObject | undefined)[],
  sourceUrl: string | undefined,
  config: ImportConfig,
  notes: string[],
): string {
  const servers = holders.map((one) => objectsAt(one, 'servers')).find((list) => list.length > 0);
  const [server] = servers ?? [];
  const url = textAt(server, 'url') ?? '/';
  const filled = url.split(/\{([^{}]+)\}/).map((part, index) => {
    // The odd ones are the names of variables.
    if (index % 2 === 0) return escapeUrlText(part);
    return embedded(serverVariable(server, part, config, notes));
  });
  const address = filled.join('').replace(/\/+$/, '');
  if (/^(https?:\/\/|\{\{config\.)/i.test(address)) return address;
  if (sourceUrl !== undefined && !url.includes('{')) {
    return escapeUrlText(new URL(url, sourceUrl).href.replace(/\/+$/, ''));
  }
  notes.push('The document does not say where the API is: enter its address in the configuration.');
  return embedded(config.value('base_url', '')) + address;
}

function serverVariable(
  server: JsonObject | undefined,
  name: string,
  config: ImportConfig,
  notes: string[],
): string {
  const variable = objectAt(objectAt(server, 'variables'), name);
  const allowed = listAt(variable, 'enum').map(String);
  if (allowed.length > 0) {
    notes.push(`The server's "${name}" may be ${allowed.join(', ')}; set it in the configuration.`);
  }
  return config.value(name, textAt(variable, 'default') ?? allowed[0] ?? '');
}
