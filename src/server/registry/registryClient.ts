import { isJsonObject } from '../../contract/json.ts';
import { messageOfCause } from './messageOfCause.ts';
import { readRegistryServer } from './readRegistryServer.ts';
import type { RegistryEntry } from './recipe.ts';

/** The version of the registry's API that is spoken. */
const apiVersion = 'v0.1';

/** The most that one request asks for; registries answer with no more. */
const pageSize = 100;
const pageTimeoutMs = 20_000;
const maxPageBytes = 16 * 1024 * 1024;

/** A registry with more pages is read this far. */
const mostPages = 500;

/** Why a registry cannot be read, in words for the user. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

/**
 * Reads a registry page by page: the current version of each of its servers that can be used.
 * @param baseUrl the registry's address, without the version of its API
 * @throws RegistryError, or the signal's reason
 */
export async function* readRegistry(
  baseUrl: string,
  signal: AbortSignal,
): AsyncGenerator<RegistryEntry[]> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let count = 0; count < mostPages; count++) {
    const page = await fetchPage(pageUrl(baseUrl, cursor), signal);
    if (!isJsonObject(page) || !Array.isArray(page.servers)) {
      throw new RegistryError(`${baseUrl} does not answer as a registry of MCP servers.`);
    }
    yield page.servers.map(readRegistryServer).filter((entry) => entry !== undefined);
    const next = isJsonObject(page.metadata) ? page.metadata.nextCursor : undefined;
    if (typeof next !== 'string' || next === '' || cursors.has(next)) return;
    cursors.add(next);
    cursor = next;
  }
}

function pageUrl(baseUrl: string, cursor: string | undefined): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${apiVersion}/servers`);
  url.searchParams.set('limit', String(pageSize));
  url.searchParams.set('version', 'latest');
  if (cursor !== undefined) url.searchParams.set('cursor', cursor);
  return url;
}

async function fetchPage(url: URL, signal: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(pageTimeoutMs);
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!answer.ok) throw new RegistryError(`${url.host} answers with status ${answer.status}.`);
    return JSON.parse(await readText(answer, url));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof RegistryError) throw error;
    if (timeout.aborted) throw new RegistryError(`${url.host} does not answer.`);
    if (error instanceof SyntaxError) throw new RegistryError(`${url.host} answers no JSON.`);
    throw new RegistryError(`${url.host} cannot be reached: ${messageOfCause(error)}`);
  }
}

async function readText(answer: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxPageBytes) throw new RegistryError(`${url.host} answers with too much.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
