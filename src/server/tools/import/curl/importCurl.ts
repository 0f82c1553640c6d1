import type { ImportedOperation } from '../../../../contract/toolImport.ts';
import { InvalidError } from '../../../appErrors.ts';
import type { ConcreteRequest } from '../concrete/concreteRequest.ts';
import { type ConcreteContext, concreteTool } from '../concrete/concreteTool.ts';
import { KnownValues } from '../concrete/knownValues.ts';
import { replaceMarks } from '../concrete/marks.ts';
import { isCredentialName } from '../credentialNames.ts';
import { ImportConfig } from '../importConfig.ts';
import { UniqueNames } from '../importNames.ts';
import type { ImportSources, ReadImport } from '../importSources.ts';
import { type CurlCommand, readCurl } from './readCurl.ts';
import { shellCommands } from './shellCommands.ts';

const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** HTTP tools for curl command lines. @throws InvalidError for text without any */
export function importCurl(text: string, sources: ImportSources): ReadImport {
  const known = new KnownValues();
  const commands = shellCommands(text).flatMap((words) => readCommand(words, known));
  if (!commands.some(({ requests }) => requests.length > 0)) {
    const reason = commands.find(({ skipped }) => skipped !== undefined)?.skipped;
    throw new InvalidError(
      `There is no curl command with a URL here${reason ? `: ${reason}` : ''}`,
      'text',
    );
  }
  const title = hostOf(commands.flatMap(({ requests }) => requests)[0]);
  const context: ConcreteContext = { config: new ImportConfig(title), known, importedFrom: 'curl' };
  const names = new UniqueNames(sources.takenNames);
  const operations: ImportedOperation[] = [];
  for (const command of commands) {
    const made = command.requests.map((request) => operationOf(request, names, context));
    const skipped = { operation: command.title, folder: [], notes: command.notes };
    const all =
      made.length > 0 ? made : [{ ...skipped, skipped: command.skipped ?? 'It is left out' }];
    for (const one of all) operations.push({ ...one, id: String(operations.length + 1) });
  }
  return { title, operations, config: context.config, notes: [] };
}

/** The commands of one line: curl's (several with `--next`), or one that is left out. */
function readCommand(
  words: readonly string[],
  known: KnownValues,
): (CurlCommand & { title: string })[] {
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name, value = ''] = assignment.exec(word) ?? [];
    if (name !== undefined) known.add(name, value, isCredentialName(name));
    // A prompt, and words that change nothing of what follows.
    else if (!['$', '%', 'export', 'set', 'sudo', 'time'].includes(word)) break;
  }
  const [program, ...rest] = words.slice(at);
  if (program === undefined) return [];
  const title = words.slice(at, at + 3).join(' ');
  if (!/(^|[/\\])curl(\.exe)?$/i.test(program)) {
    return [{ title, requests: [], notes: [], skipped: `"${program}" is no curl command` }];
  }
  return readCurl(rest).map((command) => ({ title, ...command }));
}

function operationOf(
  request: ConcreteRequest,
  names: UniqueNames,
  context: ConcreteContext,
): Omit<ImportedOperation, 'id'> {
  const address = replaceMarks(request.address, (name) => `$${name}`, String);
  const operation = `${request.method} ${address}`;
  const host = hostOf(request);
  const path = /^(?:[^/]*:\/\/)?[^/]*(\/.*[^/])/s.exec(address)?.[1] ?? host;
  const name = names.tool(`${request.method.toLowerCase()}_${path}`);
  const scoped = { ...context, titleOfSecrets: host };
  const tool = concreteTool({ ...request, description: operation }, name, scoped);
  return { operation, folder: [], tool, notes: request.notes };
}

function hostOf(request: ConcreteRequest | undefined): string {
  const host = /^[^/]*:\/\/([^/:]*)/.exec(request?.address ?? '')?.[1] ?? '';
  return replaceMarks(host, String, String) || 'curl';
}
