import type { ServerRecord } from '../../contract/servers.ts';
import type { Root } from './caller.ts';
import type { ConnectionHost } from './connection.ts';
import type { EraKnowledge } from './eraKnowledge.ts';
import { HttpStatusError } from './httpFailure.ts';
import type { ModernHost } from './modern/modernServer.ts';
import { BearerAuthorization } from './oauth/bearerAuthorization.ts';
import { type ResolvedConfig, resolveServerConfig } from './serverConfig.ts';
import { type LiveConnection, shakeHands } from './shakeHands.ts';
import type { StderrTail } from './stderrTail.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { asUpstreamError, UpstreamError } from './upstreamError.ts';

const connectLimitMs = 30_000;

export interface OpenRequest {
  record: ServerRecord;
  /** What `${workspaceFolder}` is taken from. */
  roots: readonly Root[];
  context: UpstreamContext;
  stderr: StderrTail;
  host: ConnectionHost & ModernHost;
  /** From earlier connections. */
  known: EraKnowledge;
  /** Gives up. */
  signal: AbortSignal;
  /** Gets the end of a connection that could not be opened; the error does not wait for it. */
  onEnding: (ending: Promise<void>) => void;
}

/**
 * Starts or reaches a server and shakes hands, within 30 s. A remote server that does not take POST is
 * tried as one of 2024-11-05 (MCP 2025-11-25, basic/transports, backwards compatibility).
 * @throws UpstreamError
 */
export async function openConnection(request: OpenRequest): Promise<LiveConnection> {
  const { record, context } = request;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooSlow(request)), connectLimitMs).unref();
  const signal = AbortSignal.any([request.signal, limit.signal]);
  try {
    const { config, secretValues } = resolveServerConfig(record, {
      secrets: context.store.secrets,
      roots: request.roots,
      env: context.env,
    });
    try {
      return await open(request, config, secretValues, signal);
    } catch (error) {
      if (config.type !== 'http' || !takesNoPost(error)) throw error;
      const asSse: ResolvedConfig = { ...config, type: 'sse' };
      return await open(request, asSse, secretValues, signal).catch(() => {
        throw error;
      });
    }
  } catch (error) {
    throw asUpstreamError(error, record.name);
  } finally {
    clearTimeout(timer);
  }
}

async function open(
  request: OpenRequest,
  config: ResolvedConfig,
  secretValues: readonly string[],
  signal: AbortSignal,
): Promise<LiveConnection> {
  const { record, context, stderr } = request;
  const authorization = authorizationOf(record, context);
  const live = await shakeHands({
    ...request,
    spec: { serverName: record.name, config, secretValues, authorization, stderr, context },
    signal,
  });
  if (live.connection.isUsable) return live;
  const text = `Server "${record.name}" ended the session as soon as it was opened.`;
  throw new UpstreamError('unreachable', record.name, text);
}

/** Without configured credentials a server may still want the user to sign in. */
function authorizationOf({ server_id, config, auth }: ServerRecord, { oauth }: UpstreamContext) {
  if (!('url' in config) || (auth.type !== 'oauth' && auth.type !== 'none')) return undefined;
  const isSet = Object.keys(config.headers).some((name) => /^authorization$/i.test(name));
  return isSet ? undefined : new BearerAuthorization(oauth.get(server_id), config.url);
}

function takesNoPost(error: unknown): boolean {
  const cause = error instanceof UpstreamError ? error.cause : undefined;
  return cause instanceof HttpStatusError && [400, 404, 405, 406, 415].includes(cause.status);
}

function tooSlow({ record, stderr }: OpenRequest): UpstreamError {
  const last = stderr.lines.slice(-3).join(' | ');
  return new UpstreamError(
    'timeout',
    record.name,
    `Server "${record.name}" did not finish its start within 30 s${last === '' ? '.' : `. Its last output: ${last}`}`,
  );
}
